using System.Collections.Immutable;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace MediaGateway.MicroBench;

/// <summary>One table in which benchmarks of a type stand together, as they are declared.</summary>
internal sealed class TypeOrderer : DefaultOrderer
{
    public override IEnumerable<BenchmarkCase> GetSummaryOrder(ImmutableArray<BenchmarkCase> benchmarksCases, Summary summary) =>
        benchmarksCases.OrderBy(benchmark => benchmark.Descriptor.Type.Name, StringComparer.Ordinal)
        .ThenBy(benchmark => benchmark.Descriptor.MethodIndex);
}
