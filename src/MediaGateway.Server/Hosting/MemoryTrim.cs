using MediaGateway.Platform.Memory;
using MediaGateway.Server.Background;

namespace MediaGateway.Server.Hosting;

/// <summary>
/// Gives back what a burst of joins leaves behind once it is over: objects that were needed for a second, and pages of the native heap
/// in which code was compiled. Both would stay for long, since a gateway that only forwards allocates next to nothing. The collection is
/// the one of the young generations that would come next anyway, at a better moment: threads do not stand still for longer than in it.
/// </summary>
internal sealed class MemoryTrim(Supervisor supervisor) : SupervisedService("memory trim", supervisor)
{
    private const int YoungGenerations = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = supervisor.Clock;

    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        var bursts = new AllocationBursts(GC.GetTotalAllocatedBytes());
        using PeriodicTimer timer = new(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (bursts.HasEnded(GC.GetTotalAllocatedBytes()))
                Trim();
        }
    }

    private static void Trim()
    {
        GC.Collect(YoungGenerations, GCCollectionMode.Forced, blocking: true);
        NativeHeap.Trim();
    }
}
