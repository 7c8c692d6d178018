using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MediaGateway.Testing.Links;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>Runs cases with seeds, and writes the median and the worst of each figure as a table in Markdown.</summary>
public static class BandwidthTable
{
    private static readonly ImmutableArray<Column> Columns =
    [
        new("share", figures => figures.Share, HigherIsBetter: true, "0.00"),
        new("Jain", figures => figures.Fairness, HigherIsBetter: true, "0.00"),
        new("queue p95, ms", figures => figures.QueueP95, HigherIsBetter: false, "0"),
        new("queue p99, ms", figures => figures.QueueP99, HigherIsBetter: false, "0"),
        new("first picture, s", figures => figures.FirstPicture, HigherIsBetter: false, "0.0"),
        new("pictures/s", figures => figures.PicturesPerSecond, HigherIsBetter: true, "0.0"),
        new("longest freeze, s", figures => figures.LongestFreeze, HigherIsBetter: false, "0.0"),
        new("frozen, %", figures => figures.Frozen * 100, HigherIsBetter: false, "0.0"),
        new("sound lost, %", figures => figures.SoundLost * 100, HigherIsBetter: false, "0.0"),
        new("sound late, %", figures => figures.SoundLate * 100, HigherIsBetter: false, "0.0"),
        new("sound gap, ms", figures => figures.SoundGap, HigherIsBetter: false, "0"),
        new("fitting, %", figures => figures.Fit * 100, HigherIsBetter: true, "0.0"),
        new("settled in, s", figures => figures.Settling, HigherIsBetter: false, "0.0"),
        new("switches/min", figures => figures.SwitchesPerMinute, HigherIsBetter: false, "0.0"),
    ];

    public static ImmutableArray<BandwidthCase> Cases => [.. Rfc8867Cases.All, .. GoalCases.All];

    public static string Header => $"| Case | Setup | {string.Join(" | ", Columns.Select(column => column.Title))} |\n"
        + $"|---|---|{string.Concat(Columns.Select(_ => "--:|"))}";

    /// <summary>Runs a case with the seeds from 1 on.</summary>
    /// <returns>Its row, in each cell the median of the seeds and behind it the worst where that is another.</returns>
    public static string Row(BandwidthCase measured, int seeds)
    {
        ArgumentNullException.ThrowIfNull(measured);
        var runs = new ConcurrentBag<BandwidthFigures>();
        Parallel.For(1, seeds + 1, seed => runs.Add(measured.Run(seed)));
        var row = new StringBuilder($"| {measured.Number} | {measured.What} |");
        foreach (Column column in Columns)
            row.Append(' ').Append(Cell(column, [.. runs.Select(column.Read).OfType<double>()])).Append(" |");
        return row.ToString();
    }

    private static string Cell(Column column, double[] values)
    {
        if (values.Length == 0)
            return "";
        string median = Format(column, Figures.Percentile(values, 0.5));
        string worst = Format(column, column.HigherIsBetter ? values.Min() : values.Max());
        return median == worst ? median : $"{median} ({worst})";
    }

    private static string Format(Column column, double value) =>
        double.IsInfinity(value) ? "never" : value.ToString(column.Format, CultureInfo.InvariantCulture);

    private sealed record Column(string Title, Func<BandwidthFigures, double?> Read, bool HigherIsBetter, string Format);
}
