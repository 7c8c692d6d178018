namespace MediaGateway.Rtc.Bandwidth;

/// <summary>The verdict on a path from its queue and its losses.</summary>
internal static class OveruseDetector
{
    /// <summary>Growth in a quarter of a second that counts by itself once a queue has stood, ms; its threshold if that is more.</summary>
    private const double SharpGrowth = 25;

    /// <summary>Growth in a quarter of a second that counts when it goes on, ms.</summary>
    private const double SlowGrowth = 4;

    /// <summary>Part of the packets that a full queue loses at the least.</summary>
    private const double LossOfFullQueue = 0.05;

    /// <summary>Queue that leaves no time to wait for the end of a burst, ms.</summary>
    private const double LongQueue = 120;

    /// <summary>Time for which any queue has to stand: a receiver that was late to read looks the same until it has read on.</summary>
    private static readonly TimeSpan LeastLook = TimeSpan.FromMilliseconds(60);

    /// <summary>Time in which a burst of another flow is over, such as a key frame or a short transfer.</summary>
    private static readonly TimeSpan BurstPatience = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan StandingPatience = TimeSpan.FromMilliseconds(400);

    /// <summary>Judges the path.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="loss">Part of the packets that was lost lately, beyond what the path always loses.</param>
    /// <param name="roundTrip">Its round trip.</param>
    public static Overuse Judge(QueueMonitor queue, double loss, TimeSpan roundTrip)
    {
        if (!queue.IsAbove)
            return queue.Queue > queue.Threshold / 2 ? Overuse.Suspected : Overuse.None;
        TimeSpan patience = 2 * roundTrip > LeastPatience ? 2 * roundTrip : LeastPatience;
        bool isSharp = queue.Growth > Math.Max(SharpGrowth, queue.Threshold)
            && queue.Above >= (queue.Queue > LongQueue ? LeastLook : BurstPatience);
        bool isSlow = queue.Growth > SlowGrowth && queue.Above > patience;
        bool isFull = queue.Queue > 2 * queue.Threshold && loss > LossOfFullQueue;
        if (isSharp || isSlow || isFull)
            return Overuse.Growing;
        return queue.Above > StandingPatience + 2 * roundTrip ? Overuse.Standing : Overuse.Suspected;
    }
}
