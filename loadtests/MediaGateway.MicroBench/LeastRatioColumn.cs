using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace MediaGateway.MicroBench;

/// <summary>
/// The least time against the reference's least. Whatever else runs on the machine only adds to a time, so this ratio moves
/// less than that of the means, which BenchmarkDotNet shows.
/// </summary>
internal sealed class LeastRatioColumn : IColumn
{
    public string Id => nameof(LeastRatioColumn);

    public string ColumnName => "Min/Ref";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Baseline;

    public int PriorityInCategory => int.MaxValue;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Least time against the reference's least";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        // BenchmarkDotNet also makes a table of each type, which it does not print: the reference is in one of them.
        BenchmarkCase? reference = summary.BenchmarksCases.FirstOrDefault(benchmark => benchmark.Descriptor.Baseline);
        double? ratio = reference is null ? null : LeastOf(summary, benchmarkCase) / LeastOf(summary, reference);
        return ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "?";
    }

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    /// <summary>Returns the least time of a benchmark; null when it failed.</summary>
    private static double? LeastOf(Summary summary, BenchmarkCase benchmarkCase) => summary[benchmarkCase]?.ResultStatistics?.Min;
}
