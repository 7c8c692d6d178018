using MediaGateway.Platform.Memory;
using MediaGateway.Server.Background;

namespace MediaGateway.Server.Hosting;

/// <summary>
/// Gives back what a burst of joins leaves behind once it is over: objects that were needed for a second, and pages of the native heap
/// in which code was compiled. Both would stay for long, since a gateway that only forwards allocates next to nothing. The first collection
/// is the one of the young generations that would come next anyway, at a better moment: threads do not stand still for longer than in it.
/// The second one, of all generations, runs in the background.
/// </summary>
internal sealed class MemoryTrim(Supervisor supervisor) : SupervisedService("memory trim", supervisor)
{
    private const int YoungGenerations = 1;

    /// <summary>The index of the heap of large objects in <see cref="GCMemoryInfo.GenerationInfo"/>.</summary>
    private const int LargeObjects = 3;

    /// <summary>Bytes of large objects from which on it is worth to look whether they are still used.</summary>
    private const long LargeBytes = 16L << 20;

    /// <summary>Bytes that the collector keeps without use from which on it is worth to have it give them back.</summary>
    private const long KeptBytes = 48L << 20;

    /// <summary>
    /// Bytes in use up to which it may be had to: threads stand still while these are moved, for a hundredth of a second or two.
    /// </summary>
    private const long MovedBytes = 64L << 20;

    /// <summary>Seconds in which the collection beside everything else has come to its end.</summary>
    private const int MostLooks = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = supervisor.Clock;

    protected override async Task WorkAsync(CancellationToken stoppingToken)
    {
        var bursts = new AllocationBursts(GC.GetTotalAllocatedBytes());
        using PeriodicTimer timer = new(Interval, _clock);
        int looks = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (bursts.HasEnded(GC.GetTotalAllocatedBytes()) && Trim())
                looks = MostLooks;
            else if (looks > 0)
                looks = TryRelease() ? 0 : looks - 1;
        }
    }

    /// <returns>Whether there are large objects to be collected, which is not over yet.</returns>
    private static bool Trim()
    {
        GC.Collect(YoungGenerations, GCCollectionMode.Forced, blocking: true);
        bool areLarge = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[LargeObjects].SizeAfterBytes >= LargeBytes;
        // Long messages and what has outlived a join lie among the old objects, whose next collection may be hours away.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        NativeHeap.Trim();
        return areLarge;
    }

    /// <summary>Has the collector give back what it keeps for large objects that are gone, when little is left to be moved.</summary>
    private static bool TryRelease()
    {
        GCMemoryInfo info = GC.GetGCMemoryInfo(GCKind.Any);
        long used = info.HeapSizeBytes - info.FragmentedBytes;
        if (info.TotalCommittedBytes - used < KeptBytes || used > MovedBytes)
            return false;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return true;
    }
}
