using System.Globalization;
using MediaGateway.LoadTester.Scenarios;
using Spectre.Console;
using static MediaGateway.LoadTester.Scenarios.OverloadResult;

namespace MediaGateway.LoadTester.Reports;

/// <summary>The result of an overload run as a table for people.</summary>
internal static class OverloadTable
{
    private static readonly (string Name, Func<OverloadPhase, FormattableString> Value)[] Rows =
    [
        ("viewers", phase => $"{phase.Viewers:N0}"),
        ("offered, times what it carries", phase => $"{phase.Offered:F2}"),
        ("media worker, cores", phase => $"{phase.WorkerLoad:F2}"),
        ("packets a second", phase => $"{phase.PacketsPerSecond:N0}"),
        ("viewers with a picture", phase => $"{phase.WithPicture * 100:F0} %"),
        ("level of shedding", phase => $"{phase.LowestLevel} to {phase.HighestLevel}"),
        ("packets left out", phase => $"{phase.Shed:N0}"),
        ("sound lost", phase => $"{phase.SoundLost:N0} of {phase.SoundReceived + phase.SoundLost:N0}"),
        ("lost on the way", phase => $"{phase.Lost:N0}"),
        ("damaged or twice", phase => $"{phase.Wrong:N0}"),
        ("latency p50, p99", phase => $"{phase.LatencyP50:F1}, {phase.LatencyP99:F1} ms"),
        ("control API p50, p99", phase => $"{phase.ControlP50:F0}, {phase.ControlP99:F0} ms"),
        ("join of a room p50, p99", phase => $"{phase.SignalP50:F0}, {phase.SignalP99:F0} ms"),
        ("of how many", phase => $"{phase.Asked:N0}"),
        ("kernel dropped", phase => $"{phase.KernelDrops:N0}"),
        ("ended", phase => $"{phase.Ended:N0}"),
    ];

    public static Table Of(OverloadResult result)
    {
        var table = new Table
        {
            Title = new TableTitle(Text($"{result.Scenario}: {result.Capacity:N0} viewers are what it carries; recovered {result.RecoverySeconds:F1} s after too many had left"))
        };
        table.AddColumn("");
        foreach (OverloadPhase phase in result.Phases)
            table.AddColumn(phase.Name);
        foreach ((string name, Func<OverloadPhase, FormattableString> value) in Rows)
            table.AddRow([name, .. result.Phases.Select(phase => Text(value(phase)))]);
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
