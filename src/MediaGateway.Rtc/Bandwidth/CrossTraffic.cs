using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// Knowledge that the queue is another's, such as a TCP flow's: we went down, and it did not fall. Then less of ours only gives the other
/// one more, so delay counts for nothing and the rate goes by losses, until the queue is gone.
/// </summary>
internal sealed class CrossTraffic
{
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(2);
    /// <summary>Time after which a queue is another's in any case, when all that is sent arrives: ours would have gone, or grown.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Still = TimeSpan.FromSeconds(8);

    private double _queueBefore;
    private MonotonicTime _verdictAt = MonotonicTime.Never;
    private double _least;
    private double _greatest;
    private MonotonicTime _stillSince;

    /// <summary>True while the queue is taken for another's.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>True while we have gone down and wait for the queue to fall.</summary>
    public bool IsWaiting => !_verdictAt.IsNever;

    /// <summary>We went down because of a queue, which should be gone after a time; when we go down again, a time from then.</summary>
    /// <param name="queue">The queue, ms.</param>
    /// <param name="part">Part of what the path carries that is still sent.</param>
    /// <param name="roundTrip">The round trip.</param>
    /// <param name="now">The time.</param>
    public void OnDecrease(double queue, double part, TimeSpan roundTrip, MonotonicTime now)
    {
        if (IsPresent)
            return;
        TimeSpan drain = TimeSpan.FromMilliseconds(queue / Math.Max(0.05, 1 - part));
        _queueBefore = queue;
        _verdictAt = now + 1.5 * roundTrip + TimeSpan.FromMilliseconds(250) + (drain < LongestDrain ? drain : LongestDrain);
    }

    /// <summary>Looks at the queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="isCarried">True when what is sent arrives at the same rate.</param>
    /// <param name="now">The time.</param>
    /// <returns>True when the queue has not moved for seconds: it is the path itself.</returns>
    public bool Update(QueueMonitor queue, bool isCarried, MonotonicTime now)
    {
        if (!queue.IsAbove)
        {
            if (queue.Queue < queue.Threshold * 0.6)
                Clear();
            return false;
        }
        bool isDue = now >= _verdictAt, stays = isDue && queue.Queue > 0.5 * _queueBefore;
        if (isDue)
            _verdictAt = MonotonicTime.Never;
        if (!IsPresent && isCarried && (stays || queue.Above > Lasting))
        {
            IsPresent = true;
            (_least, _greatest, _stillSince) = (queue.Queue, queue.Queue, now);
        }
        return IsPresent && IsStill(queue.Queue, now);
    }

    public void Clear() => (IsPresent, _verdictAt) = (false, MonotonicTime.Never);

    private bool IsStill(double queue, MonotonicTime now)
    {
        _least = Math.Min(_least, queue);
        _greatest = Math.Max(_greatest, queue);
        if (_greatest - _least > 0.15 * _greatest + 3)
            (_least, _greatest, _stillSince) = (queue, queue, now);
        return now - _stillSince > Still;
    }
}
