using System.Globalization;
using System.Text;
using MediaGateway.LoadTester.Scenarios;
using Spectre.Console;

namespace MediaGateway.LoadTester.Reports;

/// <summary>Runs of one scenario side by side: the median of each, with the least and the most.</summary>
internal sealed class Comparison(IReadOnlyList<string> targets)
{
    private static readonly string[] Columns = ["viewers", "target", "CPU, us a packet", "of it workers", "ratio", "p50 / p99 / p99.9, ms",
        "lost", "of", "KiB a viewer", "join p95, ms", "tester, cores"];

    private readonly List<(string Target, RunResult Result)> _runs = [];
    private readonly List<(string Target, int Viewers)> _failures = [];

    public void Add(string target, RunResult result) => _runs.Add((target, result));

    /// <summary>The target did not get as far as a result.</summary>
    public void AddFailure(string target, int viewers) => _failures.Add((target, viewers));

    public Table ToTable()
    {
        Table table = new Table().AddColumns(Columns);
        foreach (string[] row in Rows())
            table.AddRow(row);
        return table;
    }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append("| ").AppendJoin(" | ", Columns).Append(" |\n|").Insert(text.Length, "---|", Columns.Length).Append('\n');
        foreach (string[] row in Rows())
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return text.ToString();
    }

    private IEnumerable<string[]> Rows()
    {
        foreach (int viewers in _runs.Select(run => run.Result.Viewers).Concat(_failures.Select(failure => failure.Viewers)).Distinct()
            .Order())
        {
            double reference = Median(ResultsOf(targets[0], viewers), result => result.CpuPerPacket);
            foreach (string target in targets)
            {
                RunResult[] results = ResultsOf(target, viewers);
                if (results.Length > 0)
                    yield return Row(target, viewers, results, reference);
                else if (_failures.Contains((target, viewers)))
                    yield return [Text($"{viewers}"), target, "did not get there", .. Columns[3..].Select(_ => "")];
            }
        }
    }

    private RunResult[] ResultsOf(string target, int viewers) =>
        [.. _runs.Where(run => run.Target == target && run.Result.Viewers == viewers).Select(run => run.Result)];

    private static string[] Row(string target, int viewers, RunResult[] results, double reference)
    {
        double cpu = Median(results, result => result.CpuPerPacket);
        return
        [
            Text($"{viewers}"),
            target,
            Text($"{cpu:F2} ({results.Min(result => result.CpuPerPacket):F2}-{results.Max(result => result.CpuPerPacket):F2})"),
            // Only the gateway names its threads.
            Median(results, result => result.WorkerCpuPerPacket) is > 0 and var workers ? Text($"{workers:F2}") : "",
            Text($"{cpu / reference:F2}"),
            Text($"{Median(results, result => result.LatencyP50) / 1000:F2} / {Median(results, result => result.LatencyP99) / 1000:F2} / {
                Median(results, result => result.LatencyP999) / 1000:F2}"),
            Text($"{results.Sum(result => result.Checked.Missing)}"),
            Text($"{results.Sum(result => result.Checked.Received)}"),
            Text($"{Median(results, result => result.MemoryPerViewer) / 1024:F0}"),
            Text($"{Median(results, result => result.JoinP95):F0}"),
            Text($"{Median(results, result => result.TesterLoad):F2}"),
        ];
    }

    private static double Median(RunResult[] results, Func<RunResult, double> value)
    {
        double[] sorted = [.. results.Select(value).Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    private static string Text(FormattableString value) => value.ToString(CultureInfo.InvariantCulture);
}
