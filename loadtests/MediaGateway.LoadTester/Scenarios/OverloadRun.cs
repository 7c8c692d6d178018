using System.Diagnostics;
using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Servers;
using MediaGateway.LoadTester.Targets;
using MediaGateway.Platform.Clock;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using static MediaGateway.LoadTester.Scenarios.OverloadResult;

namespace MediaGateway.LoadTester.Scenarios;

/// <summary>
/// Offers a gateway more than it can carry. It finds out how many viewers that is, looks at an easy load, at the moment when too many
/// have come, at what it is like then, and at the time after they have left; and asks the gateway for something all the time.
/// </summary>
internal sealed class OverloadRun(GatewayServer server, PeerSetup setup, Scenario scenario, double offered, MonotonicClock clock,
    IProgressReport progress) : IAsyncDisposable
{
    private const int MostViewers = 20_000;
    private const double EasyLoad = 0.5;

    /// <summary>Load from which viewers are let in few at a time, so that the first one too many is noticed.</summary>
    private const double NearlyFull = 0.85;

    /// <summary>Viewers that a step towards the limit adds.</summary>
    private const double Step = 0.03;

    /// <summary>A picture that comes at all comes within this.</summary>
    private static readonly TimeSpan PictureTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(3);

    private readonly ClientLoop _loop = new(clock, 0);
    private readonly GatewayControl _control = server.OpenControl();

    public async Task<OverloadResult> RunAsync(CancellationToken cancellation)
    {
        var target = new PeerTarget(server, setup);
        var audience = new Audience(target, scenario, [_loop]);
        PublishedTrack[] tracks = [.. scenario.Tracks.Select((track, index) => new PublishedTrack(index, track))];
        IPublisher publisher = await target.PublishAsync(scenario.RoomOf(0), tracks, cancellation);
        await _loop.InvokeAsync(now => publisher.Attach(_loop, now));
        await publisher.Connected.WaitAsync(cancellation);
        await JoinAsync(audience, scenario.Viewers, cancellation);
        int capacity = await FindCapacityAsync(audience, cancellation);

        int easy = (int)(capacity * EasyLoad);
        await LeaveAsync(audience, audience.Count - easy);
        await RecoverAsync(cancellation);
        await using var responsiveness = new Responsiveness(server, _control, scenario.RoomOf(0));
        var phases = new List<OverloadPhase>
        {
            await MeasureAsync("easy load", audience, capacity, responsiveness, () => Task.CompletedTask, cancellation),
            await MeasureAsync("too many come", audience, capacity, responsiveness, () =>
            JoinAsync(audience, (int)(offered * capacity) - audience.Count, cancellation), cancellation),
            await MeasureAsync("too many", audience, capacity, responsiveness, () => Task.CompletedTask, cancellation),
        };
        await LeaveAsync(audience, audience.Count - easy);
        TimeSpan recovery = await RecoverAsync(cancellation);
        phases.Add(await MeasureAsync("they have left", audience, capacity, responsiveness, () => Task.CompletedTask, cancellation));
        await audience.DisperseAsync();
        await _loop.InvokeAsync(publisher.Detach);
        _loop.ThrowIfFaulted();
        return new OverloadResult(scenario.Name, capacity, phases, recovery.TotalSeconds);
    }

    public ValueTask DisposeAsync()
    {
        _control.Dispose();
        _loop.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets viewers in until the gateway begins to leave something out.</summary>
    private async Task<int> FindCapacityAsync(Audience audience, CancellationToken cancellation)
    {
        while (audience.Count < MostViewers)
        {
            ProcessUsage start = ProcessUsage.Read(server.ProcessId);
            long time = Stopwatch.GetTimestamp();
            await Task.Delay(Probe, cancellation);
            if ((await ReadAsync(cancellation)).Level > 0)
                return audience.Count;
            double load = (ProcessUsage.Read(server.ProcessId).WorkerCpu - start.WorkerCpu) / Stopwatch.GetElapsedTime(time);
            int more = load < NearlyFull ? (int)(audience.Count * Math.Min((NearlyFull / Math.Max(load, 0.01)) - 1, 0.5) / 2) : 0;
            await JoinAsync(audience, Math.Max(more, (int)(audience.Count * Step) + 1), cancellation);
        }
        throw new InvalidOperationException(
            $"{MostViewers} viewers are not too much for the gateway: let the scenario's tracks have a higher bitrate.");
    }

    /// <summary>Waits until nothing is left out.</summary>
    private async Task<TimeSpan> RecoverAsync(CancellationToken cancellation)
    {
        progress.Begin("recovering", (int)RecoveryLimit.TotalSeconds);
        long start = Stopwatch.GetTimestamp();
        while ((await ReadAsync(cancellation)).Level > 0)
        {
            if (Stopwatch.GetElapsedTime(start) > RecoveryLimit)
                throw new TimeoutException(
                    $"The gateway still leaves video out, {RecoveryLimit.TotalSeconds:F0} s after half of what it carries is offered.");
            progress.Report((int)Stopwatch.GetElapsedTime(start).TotalSeconds);
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
        progress.End();
        return Stopwatch.GetElapsedTime(start);
    }

    private async Task<OverloadPhase> MeasureAsync(
        string name, Audience audience, int capacity, Responsiveness responsiveness, Func<Task> change, CancellationToken cancellation)
    {
        progress.Begin(name, (int)scenario.Seconds);
        await audience.ClearLatencyAsync();
        responsiveness.Take();
        (int lowest, long shed) = await ReadAsync(cancellation);
        int highest = lowest;
        long drops = KernelDrops.Read();
        IReadOnlyDictionary<(int Viewer, int Track), ReceptionTotals> before = await audience.ReadEachAsync(), late = before;
        (_, long packets, _, _) = await audience.CountAsync();
        ProcessUsage usage = ProcessUsage.Read(server.ProcessId);
        long start = Stopwatch.GetTimestamp();
        Task changing = change();
        bool isLate = false;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds is var elapsed && (elapsed < scenario.Seconds || !changing.IsCompleted))
        {
            (int level, _) = await ReadAsync(cancellation);
            (lowest, highest) = (Math.Min(lowest, level), Math.Max(highest, level));
            if (!isLate && changing.IsCompleted && elapsed >= scenario.Seconds - PictureTime.TotalSeconds)
            {
                isLate = true;
                late = await audience.ReadEachAsync();
            }
            progress.Report((int)elapsed);
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
        await changing;
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        ProcessUsage used = ProcessUsage.Read(server.ProcessId);
        IReadOnlyDictionary<(int Viewer, int Track), ReceptionTotals> after = await audience.ReadEachAsync();
        (ReceptionTotals _, long packetsAfter, long _, int ended) = await audience.CountAsync();
        (_, long shedAfter) = await ReadAsync(cancellation);
        Latency latency = await audience.ReadLatencyAsync();
        Responsiveness.Times times = responsiveness.Take();
        ReceptionTotals sound = Between(before, after, isVideo: false), all = sound + Between(before, after, isVideo: true);
        int watching = after.Count(pair => IsVideo(pair.Key.Track) && pair.Value.Received > late.GetValueOrDefault(pair.Key).Received);
        progress.End();
        return new OverloadPhase
        {
            Name = name,
            Viewers = audience.Count,
            Offered = (double)audience.Count / capacity,
            WorkerLoad = (used.WorkerCpu - usage.WorkerCpu) / took,
            PacketsPerSecond = (packetsAfter - packets) / took.TotalSeconds,
            WithPicture = (double)watching / after.Keys.Select(key => key.Viewer).Distinct().Count(),
            SoundReceived = sound.Received,
            SoundLost = sound.Missing,
            Lost = all.Lost,
            Wrong = all.Damaged + all.Duplicates,
            Shed = shedAfter - shed,
            LowestLevel = lowest,
            HighestLevel = highest,
            LatencyP50 = latency.Percentile(50) / 1000,
            LatencyP99 = latency.Percentile(99) / 1000,
            ControlP50 = Percentiles.Of(times.Control, 0.5),
            ControlP99 = Percentiles.Of(times.Control, 0.99),
            SignalP50 = Percentiles.Of(times.Joins, 0.5),
            SignalP99 = Percentiles.Of(times.Joins, 0.99),
            Asked = times.Control.Count + times.Joins.Count,
            KernelDrops = KernelDrops.Read() - drops,
            Ended = ended,
        };
    }

    /// <summary>Counts a viewer who came within the phase from the first packet on.</summary>
    private ReceptionTotals Between(
        IReadOnlyDictionary<(int Viewer, int Track), ReceptionTotals> before, IReadOnlyDictionary<(int Viewer, int Track),
        ReceptionTotals> after, bool isVideo)
    {
        ReceptionTotals total = default;
        foreach (((int Viewer, int Track) key, ReceptionTotals totals) in after.Where(pair => IsVideo(pair.Key.Track) == isVideo))
            total += totals - before.GetValueOrDefault(key);
        return total;
    }

    private bool IsVideo(int track) => scenario.Tracks[track].Codec != CodecKind.Opus;

    private async Task<(int Level, long Shed)> ReadAsync(CancellationToken cancellation)
    {
        ServerState state = await _control.ReadStateAsync(cancellation);
        return (state.SheddingLevel, state.Drops.GetValueOrDefault(nameof(DropReason.Shed)));
    }

    private async Task JoinAsync(Audience audience, int count, CancellationToken cancellation)
    {
        progress.Begin("joining", count);
        await audience.JoinAsync(count, scenario.JoinsPerSecond, progress.Report, cancellation);
        progress.End();
    }

    private static async Task LeaveAsync(Audience audience, int count)
    {
        for (int i = 0; i < count; i++)
            await audience.LeaveAsync();
    }
}
