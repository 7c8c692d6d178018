using System.Diagnostics;
using MediaGateway.Attack.Calls;

namespace MediaGateway.Attack.Running;

/// <summary>Runs one drill and holds the gateway to what docs/security.md promises of all of them.</summary>
internal sealed class DrillRun(Site site, TimeSpan duration)
{
    /// <summary>Descriptors that may stay.</summary>
    public const int FileBound = 4;

    /// <summary>Receivers of one packet of the call.</summary>
    private const int MostReceivers = 5;

    /// <summary>Time within which memory and descriptors are back; on a machine with time for it, sixteen seconds are enough.</summary>
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(45);

    /// <summary>Time that packets under way, or requested again, have to arrive.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    /// <summary>Time that they have on a machine whose receivers are behind; what is lost does not come then either.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(5);

    /// <summary>Time within which somebody new gets in; six seconds are enough on a machine with time for it.</summary>
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    public async Task<DrillResult> RunAsync(Drill drill)
    {
        var attack = new OngoingAttack(site, duration);
        int process = site.Server.ProcessId;
        ProcessSample before = ProcessSample.Read(process);
        await site.Call.TakeLatencyAsync();
        int lines = site.Server.LogLines.Count;
        long drops = KernelLosses.Of(site.Call.Victim.Gateway);
        CallTotals start = await site.Call.CountAsync();
        await using var watch = new PeakWatch(process);

        await drill.RunAsync(attack).WaitAsync(Hang + duration);

        long ended = Stopwatch.GetTimestamp();
        CallTotals call = await SettleAsync(start, drops, ended);
        double latest = (await site.Call.TakeLatencyAsync()).Percentile(100) / 1000;
        drops = KernelLosses.Of(site.Call.Victim.Gateway) - drops;
        ProcessSample after = await RestAsync(process, before, drill.MemoryBound, ended);
        TimeSpan settled = Stopwatch.GetElapsedTime(ended);
        ProcessSample peak = await watch.StopAsync();
        string[] logged = [.. site.Server.LogLines.Skip(lines).Where(line => IsEvent(line) && !IsOfSession(line))];

        Judge(attack, call, drops);
        attack.Require(after.ResidentBytes <= before.ResidentBytes + drill.MemoryBound,
            $"memory stays at {after.ResidentBytes >> 20} MiB, {before.ResidentBytes >> 20} before");
        attack.Require(after.Files <= before.Files + FileBound, $"{after.Files} descriptors stay open, {before.Files} before");
        attack.Require(attack.BytesOut <= attack.BytesIn, $"{attack.BytesOut} bytes were sent to who sent {attack.BytesIn}");
        attack.Require(logged.Length <= drill.MostLogLines,
            $"{logged.Length} lines were logged, such as: {string.Join(" | ", logged.Take(3))}");
        await ProveOpenAsync(attack);
        return new DrillResult
        {
            Drill = drill,
            Load = attack.Load,
            Call = call,
            KernelDrops = drops,
            LatestMilliseconds = latest,
            Before = before,
            Peak = peak,
            After = after,
            Settled = settled,
            BytesIn = attack.BytesIn,
            BytesOut = attack.BytesOut,
            LogLines = logged.Length,
            Faults = attack.Faults,
        };
    }

    /// <summary>Counts what has become of the call once nothing of it is under way any more.</summary>
    private async Task<CallTotals> SettleAsync(CallTotals start, long dropsBefore, long ended)
    {
        while (true)
        {
            await Task.Delay(Settle);
            CallTotals call = await site.Call.CountAsync() - start;
            long drops = KernelLosses.Of(site.Call.Victim.Gateway) - dropsBefore;
            if (call.Receptions.Missing <= drops * MostReceivers || Stopwatch.GetElapsedTime(ended) > SettleLimit)
                return call;
        }
    }

    /// <summary>
    /// A packet that the kernel dropped in front of the gateway may be lost to each of its receivers; nothing else may, and nothing may
    /// come that was not sent.
    /// </summary>
    private static void Judge(OngoingAttack attack, in CallTotals call, long drops)
    {
        attack.Require(call.Receptions.Received > 0, "the call stands still");
        attack.Require(call.Receptions.Missing <= drops * MostReceivers,
            $"{call.Receptions.Missing} packets of the call are lost, {drops} of them before the gateway could read them");
        attack.Require(call.Receptions.Damaged == 0, $"{call.Receptions.Damaged} packets of the call are damaged");
        attack.Require(call.Receptions.Duplicates == 0, $"{call.Receptions.Duplicates} packets of the call came twice");
        attack.Require(call.Foreign == 0, $"{call.Foreign} packets came that nobody of the call sent");
        attack.Require(call.Ended == 0, $"{call.Ended} clients of the call were cut off");
    }

    /// <summary>Has somebody new get in, at the latest when handshakes that never ended have lost their places.</summary>
    private async Task ProveOpenAsync(OngoingAttack attack)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await site.Call.ProveOpenAsync(CancellationToken.None);
                return;
            }
            catch (Exception refusal) when (refusal is TimeoutException or InvalidOperationException or HttpRequestException)
            {
                if (Stopwatch.GetElapsedTime(start) < OpenLimit)
                {
                    await Task.Delay(Settle);
                    continue;
                }
                attack.Require(false, $"nobody new can join: {refusal.Message}");
                return;
            }
        }
    }

    private static async Task<ProcessSample> RestAsync(int process, ProcessSample before, long memoryBound, long ended)
    {
        ProcessSample sample = ProcessSample.Read(process);
        while (Stopwatch.GetElapsedTime(ended) < RestLimit
            && (sample.ResidentBytes > before.ResidentBytes + memoryBound || sample.Files > before.Files + FileBound))
        {
            await Task.Delay(100);
            sample = ProcessSample.Read(process);
        }
        return sample;
    }

    /// <summary>An event begins with its time; the stack trace below it does not.</summary>
    private static bool IsEvent(string line) => line.Length > 0 && char.IsAsciiDigit(line[0]);

    /// <summary>Lines of sessions, of rooms and of commands under a key of the gateway's: as many as were let in.</summary>
    private static bool IsOfSession(string line) => line.Contains(" INF [", StringComparison.Ordinal)
        || line.Contains(" INF Room ", StringComparison.Ordinal)
        || (line.Contains(" INF ", StringComparison.Ordinal) && line.Contains(" by loadtest ", StringComparison.Ordinal));
}
