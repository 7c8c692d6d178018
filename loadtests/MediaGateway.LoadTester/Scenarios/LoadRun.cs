using System.Diagnostics;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Targets;
using MediaGateway.Platform.Clock;

namespace MediaGateway.LoadTester.Scenarios;

/// <summary>One scenario against one target: publishers, viewers, a warm-up, a measure.</summary>
internal sealed class LoadRun(ILoadTarget target, Scenario scenario, MonotonicClock clock, LoopSettings settings, IProgressReport progress)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LoadProbe = TimeSpan.FromSeconds(2);

    /// <summary>Time within which a server must send again what it left out while viewers were joining; else they are too many.</summary>
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(1);

    /// <summary>Tolerance within which a wanted load counts as reached.</summary>
    private const double LoadTolerance = 0.015;

    /// <summary>Time that packets under way, or requested again, have to arrive.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    private const int MostViewers = 20_000;

    private readonly List<IPublisher> _publishers = [];

    public async Task<RunResult> RunAsync(CancellationToken cancellation)
    {
        ClientLoop[] loops = [.. Enumerable.Range(0, settings.Count).Select(index => new ClientLoop(clock, index, settings.Processor))];
        // Frames are sent when they are due, whatever has come for the viewers meanwhile.
        var publishing = new ClientLoop(clock, settings.Count, settings.Processor);
        try
        {
            RunResult result = await RunAsync(publishing, new Audience(target, scenario, loops), cancellation);
            foreach (ClientLoop loop in (ClientLoop[])[.. loops, publishing])
                loop.ThrowIfFaulted();
            return result;
        }
        finally
        {
            publishing.Dispose();
            foreach (ClientLoop loop in loops)
                loop.Dispose();
        }
    }

    private async Task<RunResult> RunAsync(ClientLoop publishing, Audience audience, CancellationToken cancellation)
    {
        for (int publisher = 0; publisher < scenario.Publishers; publisher++)
            await PublishAsync(publisher, publishing, cancellation);
        await audience.JoinAsync(1, double.PositiveInfinity, _ => { }, cancellation);
        ProcessUsage first = Usage();
        await JoinAsync(audience, scenario.Receivers - 1, scenario.JoinsPerSecond, cancellation);
        await ReachLoadAsync(audience, cancellation);
        await WaitAsync("warming up", TimeSpan.FromSeconds(scenario.WarmUpSeconds), cancellation);
        // Code that has reached its last tier makes room for more.
        await ReachLoadAsync(audience, cancellation);
        ProcessUsage joined = Usage();

        using GarbageWatch? garbage = scenario.WatchCollector
            && target is { IsManaged: true, ProcessId: not 0 } ? new GarbageWatch(target.ProcessId) : null;
        await audience.ClearLatencyAsync();
        garbage?.Take();
        long drops = KernelDrops.Read();
        ServerState? stateBefore = await target.ReadStateAsync(cancellation);
        (ReceptionTotals Checked, long Packets, long Foreign, int Ended) before = await audience.CountAsync();
        ProcessUsage start = Usage();
        TimeSpan ownStart = OwnCpu();
        long time = Stopwatch.GetTimestamp();

        string? turnedAway = await MeasureAsync(audience, cancellation);

        ProcessUsage end = Usage();
        TimeSpan own = OwnCpu() - ownStart;
        (ReceptionTotals Checked, long Packets, long Foreign, int Ended) after = await audience.CountAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(time);
        await Task.Delay(Settle, cancellation);
        (ReceptionTotals settled, _, _, _) = await audience.CountAsync();
        Latency latency = await audience.ReadLatencyAsync();
        GarbageReport? collected = garbage?.Take();
        ServerState? stateAfter = await target.ReadStateAsync(cancellation);
        await LeaveAsync(publishing, audience);
        int? left = await WaitUntilEmptyAsync(cancellation);

        long delivered = after.Packets - before.Packets;
        return new RunResult
        {
            Server = target.Name,
            Scenario = scenario.Name,
            Viewers = audience.Count,
            Seconds = took.TotalSeconds,
            Delivered = delivered,
            // What was on its way at the end is not lost, if it came after all.
            Checked = (after.Checked - before.Checked) with { Missing = settled.Missing - before.Checked.Missing },
            Foreign = after.Foreign - before.Foreign,
            CpuPerPacket = (end.Cpu - start.Cpu).TotalMicroseconds / delivered,
            WorkerCpuPerPacket = (end.WorkerCpu - start.WorkerCpu).TotalMicroseconds / delivered,
            ServerLoad = (end.Cpu - start.Cpu) / took,
            TesterLoad = own / took,
            LatencyP50 = latency.Percentile(50),
            LatencyP99 = latency.Percentile(99),
            LatencyP999 = latency.Percentile(99.9),
            LatencyMax = latency.Percentile(100),
            JoinP50 = Percentiles.Of(audience.JoinTimes, 0.5),
            JoinP95 = Percentiles.Of(audience.JoinTimes, 0.95),
            JoinMax = Percentiles.Of(audience.JoinTimes, 1),
            MemoryPerViewer = audience.Count > 1 ? (joined.ResidentBytes - first.ResidentBytes) / (audience.Count - 1) : 0,
            ResidentBytes = end.ResidentBytes,
            GrowthBytes = end.ResidentBytes - start.ResidentBytes,
            PeersLeft = left,
            KernelDrops = KernelDrops.Read() - drops,
            Ended = after.Ended,
            TurnedAway = turnedAway,
            Garbage = collected,
            Drops = stateBefore is null ? null : stateAfter?.DropsSince(stateBefore),
            Log = target.Log,
        };
    }

    private async Task PublishAsync(int number, ClientLoop loop, CancellationToken cancellation)
    {
        IPublisher publisher = await target.PublishAsync(scenario.RoomOf(number), scenario.TracksOf(number), cancellation);
        _publishers.Add(publisher);
        await loop.InvokeAsync(now => publisher.Attach(loop, now));
        await publisher.Connected.WaitAsync(ConnectLimit, cancellation);
    }

    private async Task JoinAsync(Audience audience, int count, double perSecond, CancellationToken cancellation)
    {
        progress.Begin("joining", count);
        await audience.JoinAsync(count, perSecond, progress.Report, cancellation);
        progress.End();
    }

    /// <summary>More and more viewers, until a worker is as busy as the scenario wants it; fewer when they were too many.</summary>
    private async Task ReachLoadAsync(Audience audience, CancellationToken cancellation)
    {
        while (scenario.UntilLoad > 0 && audience.Count < MostViewers)
        {
            await WaitUntilAllIsSentAsync(cancellation);
            ProcessUsage start = Usage();
            long time = Stopwatch.GetTimestamp();
            await Task.Delay(LoadProbe, cancellation);
            double load = (Usage().WorkerCpu - start.WorkerCpu) / Stopwatch.GetElapsedTime(time);
            int missing = (int)(audience.Count * (Math.Min(scenario.UntilLoad / Math.Max(load, 0.01), 1.5) - 1));
            if (missing == 0 || Math.Abs(load - scenario.UntilLoad) <= LoadTolerance)
                return;
            // By half of it, as a packet costs less the more of them there are.
            if (missing > 0)
                await JoinAsync(audience, (missing + 1) / 2, scenario.JoinsPerSecond, cancellation);
            for (int leaving = 0; leaving > missing; leaving--)
                await audience.LeaveAsync();
        }
    }

    /// <summary>A load at which the server leaves something out says nothing about what it carries.</summary>
    private async Task WaitUntilAllIsSentAsync(CancellationToken cancellation)
    {
        for (long start = Stopwatch.GetTimestamp(); await target.ReadStateAsync(cancellation) is { SheddingLevel: > 0 };)
        {
            if (Stopwatch.GetElapsedTime(start) > RecoveryLimit)
                throw new InvalidOperationException($"{target.Name} leaves out video for longer than {RecoveryLimit.TotalSeconds:F0} s "
                    + $"before it is as busy as it is to be:\n{target.Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }

    /// <summary>Time passes; meanwhile viewers come and go as the scenario says.</summary>
    /// <returns>Why somebody who came meanwhile did not get to play; null when all did.</returns>
    private async Task<string?> MeasureAsync(Audience audience, CancellationToken cancellation)
    {
        var joins = new List<Task>();
        if (scenario.Storm > 0)
        {
            double perSecond = scenario.StormPerSecond > 0 ? scenario.StormPerSecond : double.PositiveInfinity;
            joins.Add(audience.JoinAsync(scenario.Storm, perSecond, _ => { }, cancellation));
        }
        var duration = TimeSpan.FromSeconds(scenario.Seconds);
        long start = Stopwatch.GetTimestamp();
        int changed = 0;
        int layers = 0;
        progress.Begin("measuring", (int)duration.TotalSeconds);
        for (TimeSpan elapsed = default; elapsed < duration; elapsed = Stopwatch.GetElapsedTime(start))
        {
            progress.Report((int)elapsed.TotalSeconds);
            for (; changed < elapsed.TotalSeconds * scenario.ChurnPerSecond; changed++)
            {
                await audience.LeaveAsync();
                joins.Add(audience.JoinAsync(1, double.PositiveInfinity, _ => { }, cancellation));
            }
            for (; layers < elapsed.TotalSeconds * scenario.LayerChangesPerSecond; layers++)
                await audience.ChangeLayerAsync();
            TimeSpan left = duration - Stopwatch.GetElapsedTime(start);
            await Task.Delay(left < TimeSpan.FromMilliseconds(50) ? TimeSpan.FromMilliseconds(Math.Max(left.TotalMilliseconds, 0))
                : TimeSpan.FromMilliseconds(50), cancellation);
        }
        progress.End();
        string? refusal = null;
        foreach (Task join in joins)
        {
            try
            {
                await join;
            }
            catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or HttpRequestException)
            {
                refusal ??= failure.Message;
            }
        }
        return refusal;
    }

    private async Task WaitAsync(string what, TimeSpan duration, CancellationToken cancellation)
    {
        progress.Begin(what, (int)duration.TotalSeconds);
        long start = Stopwatch.GetTimestamp();
        for (TimeSpan elapsed = default; elapsed < duration; elapsed = Stopwatch.GetElapsedTime(start))
        {
            progress.Report((int)elapsed.TotalSeconds);
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
        progress.End();
    }

    private async Task LeaveAsync(ClientLoop publishing, Audience audience)
    {
        await audience.DisperseAsync();
        foreach (IPublisher publisher in _publishers)
            await publishing.InvokeAsync(publisher.Detach);
    }

    /// <summary>Everybody has said goodbye; a server needs a moment to hear all of it.</summary>
    private async Task<int?> WaitUntilEmptyAsync(CancellationToken cancellation)
    {
        ServerState? state = await target.ReadStateAsync(cancellation);
        for (long start = Stopwatch.GetTimestamp(); state is { Peers: > 0 } && Stopwatch.GetElapsedTime(start) < ConnectLimit;)
        {
            await Task.Delay(Settle, cancellation);
            state = await target.ReadStateAsync(cancellation);
        }
        return state?.Peers;
    }

    private ProcessUsage Usage() => target.ProcessId == 0 ? default : ProcessUsage.Read(target.ProcessId);

    private static TimeSpan OwnCpu() => ProcessUsage.Read(Environment.ProcessId).Cpu;
}
