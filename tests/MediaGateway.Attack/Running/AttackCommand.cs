using System.CommandLine;
using System.Diagnostics;
using MediaGateway.Attack.Calls;
using MediaGateway.Attack.Drills;
using MediaGateway.Attack.Senders;

namespace MediaGateway.Attack.Running;

/// <summary>The command line: attacks a gateway that it starts, drill after drill.</summary>
internal static class AttackCommand
{
    public static RootCommand Create()
    {
        Option<string> gateway = new("--gateway")
        {
            Description = "The gateway's executable (make publish).",
            DefaultValueFactory = _ => Path.Combine("artifacts", "publish", "mediagateway"),
        };
        Option<double> seconds = new("--seconds") { Description = "Time of each attack.", DefaultValueFactory = _ => 1 };
        Option<string?> only = new("--only") { Description = "Only the drills whose name has this in it." };
        Option<FileInfo?> tap = new("--tap") { Description = "File for the results as TAP." };
        RootCommand command = new("Attacks a gateway while a call goes on, and tells what becomes of both.")
            { gateway, seconds, only, tap };
        command.SetAction(parsed => RunAsync(
            parsed.GetRequiredValue(gateway), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(only), parsed.GetValue(tap)));
        return command;
    }

    private static async Task<int> RunAsync(string gateway, TimeSpan duration, string? only, FileInfo? tap)
    {
        if (!ForgedSender.IsAllowed)
        {
            await Console.Error.WriteLineAsync("Forging addresses takes raw sockets: run this under tests/netns.sh.");
            return 2;
        }
        Drill[] drills = [.. AllDrills.List.Where(drill => only is null || drill.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        List<DrillResult> results = [];
        Console.WriteLine(ResultTable.Head);
        // Those that need a machine of their own come last, so that the others have one gateway between them.
        foreach (IGrouping<Confines, Drill> group in drills.GroupBy(drill => drill.Confines))
        {
            await using Site site = await Site.OpenAsync(gateway, group.Key, CancellationToken.None);
            // The first attack finds code and pools that have grown to what they are in use.
            await Task.Delay(TimeSpan.FromSeconds(1));
            foreach (Drill drill in group)
                results.Add(await RunAsync(site, drill, duration));
        }
        if (tap is not null)
            await File.WriteAllTextAsync(tap.FullName, ResultTable.TapOf(results));
        int failed = results.Count(result => result.Faults.Count > 0);
        Console.WriteLine($"{results.Count - failed} drills held, {failed} did not.");
        return failed == 0 ? 0 : 1;
    }

    private static async Task<DrillResult> RunAsync(Site site, Drill drill, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        DrillResult result;
        try
        {
            result = await new DrillRun(site, duration).RunAsync(drill);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException or InvalidOperationException or HttpRequestException)
        {
            result = new DrillResult { Drill = drill, Faults = [$"the drill broke off: {failure}"] };
        }
        Console.WriteLine(ResultTable.RowOf(result) + $" {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        foreach (string fault in result.Faults)
            Console.WriteLine($"  FAULT: {fault}");
        return result;
    }
}
