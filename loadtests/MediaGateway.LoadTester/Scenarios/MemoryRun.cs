using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Targets;
using MediaGateway.Platform.Clock;

namespace MediaGateway.LoadTester.Scenarios;

/// <summary>Measures what a participant of a meeting costs a gateway in memory, and which objects that is.</summary>
internal sealed class MemoryRun(RoomTarget target, Scenario scenario, MonotonicClock clock, LoopSettings settings, IProgressReport progress)
{
    /// <summary>Time in which the gateway notices that somebody has gone, and lets go of packets that nobody is sent any more.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    public async Task<MemoryResult> RunAsync(CancellationToken cancellation)
    {
        using var loop = new ClientLoop(clock, 0, settings.Processor);
        var audience = new Audience(target, scenario, [loop]);
        int others = scenario.Participants - 1;
        await audience.JoinAsync(1, double.PositiveInfinity, _ => { }, cancellation);
        ResidentMemory first = ResidentMemory.Read(target.ProcessId);
        progress.Begin("joining", others);
        await audience.JoinAsync(others, scenario.JoinsPerSecond, progress.Report, cancellation);
        progress.End();
        await Task.Delay(TimeSpan.FromSeconds(scenario.WarmUpSeconds), cancellation);
        ResidentMemory all = ResidentMemory.Read(target.ProcessId);
        HeapSnapshot objects = HeapSnapshot.Take(target.ProcessId);
        for (int i = 0; i < others; i++)
            await audience.LeaveAsync();
        await Task.Delay(Settle, cancellation);
        HeapSnapshot left = HeapSnapshot.Take(target.ProcessId);
        await audience.DisperseAsync();
        loop.ThrowIfFaulted();
        return new MemoryResult(
            scenario.Participants,
            (all - first) / others,
            (objects.Bytes - left.Bytes) / others,
            objects.BytesOf.ToDictionary(type => type.Key, type => (type.Value - left.BytesOf.GetValueOrDefault(type.Key)) / others),
            all.Total);
    }
}
