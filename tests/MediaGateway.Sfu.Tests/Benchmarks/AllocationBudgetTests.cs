using System.Text.Json;
using BenchmarkDotNet.Attributes;
using MediaGateway.MicroBench;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Sfu.Tests.Benchmarks;

/// <summary>Every micro benchmark keeps to its bytes per operation in budgets.json.</summary>
[Collection(AllocationCollection.Name)]
public sealed class AllocationBudgetTests
{
    private const string BudgetFile = "loadtests/MediaGateway.MicroBench/budgets.json";

    private static readonly Dictionary<string, MicroBenchmark> Benchmarks =
        MicroBenchmark.In(typeof(ReferenceBenchmarks).Assembly.GetTypes()).ToDictionary(benchmark => benchmark.Name);

    private static readonly Dictionary<string, double> Budgets =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(RepositoryFiles.PathOf(BudgetFile)))!;

    public static TheoryData<string> Names => [.. Benchmarks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Benchmark_keeps_to_its_budget(string name)
    {
        Assert.True(Budgets.TryGetValue(name, out double budget), $"{BudgetFile} says nothing of {name}");
        Assert.InRange(Benchmarks[name].Measure(budget), 0, budget);
    }

    [Fact]
    public void Every_benchmark_has_a_budget_and_every_budget_a_benchmark() =>
        Assert.Equal(Benchmarks.Keys.Order(StringComparer.Ordinal), Budgets.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Benchmark_that_allocates_is_found_out()
    {
        MicroBenchmark wasteful = Assert.Single(MicroBenchmark.In([typeof(Wasteful)]));

        // An object is two words and its data, and never less than three words.
        Assert.Equal(24, wasteful.Measure(budget: 0));
    }

    [Fact]
    public void Benchmark_that_does_less_than_it_says_is_found_out() =>
        Assert.Throws<InvalidOperationException>(() => Assert.Single(MicroBenchmark.In([typeof(Idle)])).Measure(budget: 0));

    private sealed class Wasteful
    {
        private object? _last;

        [Benchmark(OperationsPerInvoke = 2)]
        public int Allocate()
        {
            _last = new object();
            _last = new object();
            return _last is null ? 0 : 2;
        }
    }

    private sealed class Idle
    {
        private int _calls;

        [Benchmark]
        public int Fail() => ++_calls == 5000 ? 0 : 1;
    }
}
