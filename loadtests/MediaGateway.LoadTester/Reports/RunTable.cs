using System.Globalization;
using MediaGateway.LoadTester.Scenarios;
using Spectre.Console;

namespace MediaGateway.LoadTester.Reports;

/// <summary>The result of one run as a table for people.</summary>
internal static class RunTable
{
    public static Table Of(RunResult run)
    {
        Table table = new Table { Title = new TableTitle($"{run.Scenario} on {run.Server}") }.AddColumns("what", "value").HideHeaders();
        Add("viewers", $"{run.Viewers:N0}");
        Add("delivered", $"{run.Delivered:N0} packets in {run.Seconds:F1} s, {run.PacketsPerSecond:N0} a second");
        Add("server CPU",
            $"{run.CpuPerPacket:F2} us a packet, of it media workers {run.WorkerCpuPerPacket:F2}; {run.ServerLoad * 100:F0} % of a core");
        Add("tester CPU", $"{run.TesterLoad * 100:F0} % of a core");
        Add("one-way latency", $"p50 {run.LatencyP50 / 1000:F2} ms, p99 {run.LatencyP99 / 1000:F2}, p99.9 {run.LatencyP999 / 1000:F2}, longest {run.LatencyMax / 1000:F2}");
        Add("joins", $"p50 {run.JoinP50:F0} ms, p95 {run.JoinP95:F0}, longest {run.JoinMax:F0}");
        Add("checked", $"{run.Checked.Received:N0} packets: {run.Checked.Missing} lost, {run.Checked.Duplicates} twice, {run.Checked.Reordered} out of order, {run.Checked.Damaged} damaged, {run.Foreign} foreign");
        if (run.Checked.LayerChanges > 0)
            Add("layer changes", $"{run.Checked.LayerChanges:N0}");
        Add("ended", $"{run.Ended} viewers that should not have");
        if (run.TurnedAway is { } reason)
            Add("did not play", $"{reason}");
        Add("kernel dropped", $"{run.KernelDrops} datagrams, receive buffers of the whole machine");
        if (run.Drops is { Count: > 0 } drops)
            Add("server dropped",
                $"{string.Join(", ", drops.Select(drop => string.Create(CultureInfo.InvariantCulture, $"{drop.Key} {drop.Value:N0}")))}");
        if (run.Log.Length > 0)
            Add("server wrote", $"{Markup.Escape(run.Log.TrimEnd())}");
        Add("memory", $"{run.MemoryPerViewer / 1024.0:F0} KiB a viewer, {run.ResidentBytes / 1048576.0:F0} MiB in all, of it {run.GrowthBytes / 1048576.0:F1} MiB within the measure");
        if (run.PeersLeft is { } left)
            Add("left behind", $"{left} connections after all had gone");
        if (run.Garbage is not { } garbage)
            return table;
        Add("managed memory", $"{garbage.HeapMegabytes:F0} MB of objects, {garbage.CommittedMegabytes:F0} MB committed for them");
        Add("collector", $"{garbage.Collections} collections, {garbage.FullCollections} of generation 2, longest pause {garbage.LongestYoungPauseMilliseconds:F2} ms for generations 0 and 1, {garbage.LongestFullPauseMilliseconds:F2} for 2, {garbage.LongestPauseMilliseconds:F2} of all, of it {garbage.LongestSuspensionMilliseconds:F2} at most to stop the threads, {garbage.AllocatedBytes / run.Seconds / 1024:F0} KiB allocated a second");
        return table;

        void Add(string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
    }
}
