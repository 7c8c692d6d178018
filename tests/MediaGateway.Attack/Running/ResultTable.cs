using System.Globalization;
using System.Text;

namespace MediaGateway.Attack.Running;

/// <summary>Results as a table of docs/security.md, and as what CI counts (TAP, https://testanything.org).</summary>
internal static class ResultTable
{
    public static string Head =>
        "| Drill | Load | Call: received, lost | Latest packet | Memory before, peak, after | Descriptors before, peak, after "
        + "| Log lines |\n"
        + "|---|---|---|---|---|---|---|";

    public static string RowOf(DrillResult result)
    {
        string lost = result.KernelDrops == 0 ? $"{result.Call.Receptions.Missing}"
            : $"{result.Call.Receptions.Missing} ({result.KernelDrops} by the kernel)";
        return string.Create(CultureInfo.InvariantCulture,
            $"| {result.Drill.Name} | {result.Load} | {result.Call.Receptions.Received}, {lost} | {result.LatestMilliseconds:F0} ms "
            + $"| {Mebi(result.Before)}, {Mebi(result.Peak)}, {Mebi(result.After)} MiB "
            + $"| {result.Before.Files}, {result.Peak.Files}, {result.After.Files} | {result.LogLines} |");
    }

    public static string TapOf(IReadOnlyList<DrillResult> results)
    {
        var text = new StringBuilder("TAP version 13\n");
        for (int i = 0; i < results.Count; i++)
        {
            string verdict = results[i].Faults.Count == 0 ? "ok" : "not ok";
            text.Append(CultureInfo.InvariantCulture, $"{verdict} {i + 1} - {results[i].Drill.Name}\n");
        }
        int failed = results.Count(result => result.Faults.Count > 0);
        text.Append(CultureInfo.InvariantCulture,
            $"1..{results.Count}\n# pass {results.Count - failed}\n# fail {failed}\n# cancelled 0\n# skipped 0\n");
        return text.ToString();
    }

    private static string Mebi(in ProcessSample sample) =>
        (sample.ResidentBytes / (double)(1 << 20)).ToString("F0", CultureInfo.InvariantCulture);
}
