using MediaGateway.Platform.Memory;

namespace MediaGateway.Server.Hosting;

/// <summary>
/// Gives back what a burst of joins leaves behind once it is over: objects that were needed for a second, and pages of the native heap
/// in which code was compiled. Both would stay for long, since a gateway that only forwards allocates next to nothing. The collection is
/// the one of the young generations that would come next anyway, at a better moment: threads do not stand still for longer than in it.
/// </summary>
internal sealed class MemoryTrim(TimeProvider clock) : BackgroundService
{
    private const int YoungGenerations = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var bursts = new AllocationBursts(GC.GetTotalAllocatedBytes());
        using PeriodicTimer timer = new(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (bursts.HasEnded(GC.GetTotalAllocatedBytes()))
                    Trim();
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private static void Trim()
    {
        GC.Collect(YoungGenerations, GCCollectionMode.Forced, blocking: true);
        NativeHeap.Trim();
    }
}
