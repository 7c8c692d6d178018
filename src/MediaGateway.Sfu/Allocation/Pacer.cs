using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Spreads what would fill one receiver's line for more than 30 ms, such as a key frame or a burst of a shared screen. It delays and never
/// drops; sound, RTCP and retransmissions do not pass through here. What is due leaves every 5 ms, as one segmented buffer where lengths
/// allow, at the same moments for all receivers of a worker.
/// </summary>
/// <param name="downlink">The receiver's downlink, whose timer runs while packets wait.</param>
internal sealed class Pacer(Downlink downlink) : IPacer
{
    /// <summary>Distance of the moments at which packets leave.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly PacingBucket _bucket = new();
    private readonly List<PacedStream> _waiting = [];
    private Bitrate? _estimate;
    private int _streams;

    /// <summary>True while packets wait.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>Time at which <see cref="Release"/> is next to be called; never while nothing waits.</summary>
    public MonotonicTime NextDeadline { get; private set; } = MonotonicTime.Never;

    /// <summary>Has a video of the receiver take part.</summary>
    public PacedStream Add(Subscription subscription, MonotonicTime now)
    {
        _bucket.Set(_estimate, ++_streams, now);
        return new PacedStream(subscription, _bucket, this);
    }

    /// <summary>A video of the receiver has ended: what of it waits is not sent.</summary>
    public void Remove(PacedStream stream, MonotonicTime now)
    {
        _bucket.Set(_estimate, --_streams, now);
        stream.Forget();
        if (_waiting.Remove(stream))
            Plan();
    }

    /// <summary>Takes over what the line carries; null when it is not known. Then nothing waits, and what has waited goes out.</summary>
    public void SetEstimate(Bitrate? estimate, MonotonicTime now)
    {
        if (estimate == _estimate)
            return;
        _estimate = estimate;
        _bucket.Set(estimate, _streams, now);
        if (!PacingBucket.Limits(estimate))
            Release(now);
    }

    void IPacer.OnWaiting(PacedStream stream, MonotonicTime now)
    {
        _waiting.Add(stream);
        _bucket.Waiting = _waiting.Count;
        NextDeadline = MonotonicTime.Min(NextDeadline, (now + TimeSpan.FromTicks(1)).RoundUp(Interval));
        downlink.WakeAt(NextDeadline);
    }

    /// <summary>Sends what is due.</summary>
    public void Release(MonotonicTime now)
    {
        foreach (PacedStream stream in _waiting)
            stream.Release(now);
        RemoveThoseThatSentAll();
        Plan();
    }

    /// <summary>Sends a packet that waits before it is due, for a probe of the line: a picture is worth more than filler.</summary>
    /// <returns>False when none waits.</returns>
    public bool TrySendEarly(MonotonicTime now)
    {
        if (!IsWaiting)
            return false;
        _waiting[0].SendEarly(now);
        RemoveThoseThatSentAll();
        Plan();
        return true;
    }

    private void RemoveThoseThatSentAll()
    {
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (!_waiting[i].IsWaiting)
                _waiting.RemoveAt(i);
        }
    }

    private void Plan()
    {
        _bucket.Waiting = _waiting.Count;
        MonotonicTime due = MonotonicTime.Never;
        foreach (PacedStream stream in _waiting)
            due = MonotonicTime.Min(due, stream.Due + TimeSpan.FromTicks(1));
        NextDeadline = due.RoundUp(Interval);
    }
}
