using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace MediaGateway.Sfu.Tests.Benchmarks;

/// <summary>A benchmark, called without BenchmarkDotNet's engine to count what it allocates.</summary>
internal sealed class MicroBenchmark(Type type, MethodInfo method)
{
    private const int Calls = 10_000;
    private const int MaxBatches = 10;

    private readonly int _operations = method.GetCustomAttribute<BenchmarkAttribute>()!.OperationsPerInvoke;

    /// <summary>"DemuxBenchmarks.ByPath".</summary>
    public string Name => $"{type.Name}.{method.Name}";

    public static IEnumerable<MicroBenchmark> In(IEnumerable<Type> types) =>
        from type in types
        from method in type.GetMethods()
        where method.GetCustomAttribute<BenchmarkAttribute>() is not null
        select new MicroBenchmark(type, method);

    /// <summary>
    /// Bytes that an operation allocates, on average over 10,000 calls; the first average within the budget, else the least. Code that
    /// is not optimized yet, and what grows once, may cost more before.
    /// </summary>
    /// <exception cref="InvalidOperationException">The benchmark did not do as many operations as it says.</exception>
    public double Measure(double budget)
    {
        object instance = Activator.CreateInstance(type)!;
        try
        {
            Func<int> call = method.CreateDelegate<Func<int>>(instance);
            double least = double.MaxValue;
            for (int batch = 0; batch < MaxBatches && least > budget; batch++)
                least = Math.Min(least, MeasureBatch(call));
            return least;
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }

    private double MeasureBatch(Func<int> call)
    {
        long done = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
            done += call();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return done == (long)Calls * _operations
            ? allocated / (double)done
            : throw new InvalidOperationException($"{Name} did {done} operations in {Calls} calls.");
    }
}
