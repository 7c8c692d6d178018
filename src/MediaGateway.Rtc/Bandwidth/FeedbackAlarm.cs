using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The alarm when packets are in flight and no feedback comes: the estimate steps down, because nothing proves it any more. Silence while
/// nothing is in flight means nothing.
/// </summary>
internal sealed class FeedbackAlarm
{
    /// <summary>Part of the estimate that a step leaves; three of them, which take 2 s, leave three fifths.</summary>
    public const double Step = 0.85;

    private static readonly TimeSpan LeastSilence = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(2);

    private MonotonicTime _waitingSince = MonotonicTime.Never;
    private MonotonicTime _lastSent;
    private TimeSpan _limit = LeastSilence;

    /// <summary>True once a step was taken, until feedback comes again.</summary>
    public bool IsRaised { get; private set; }

    public void OnSent(MonotonicTime now)
    {
        _lastSent = now;
        if (_waitingSince.IsNever)
            _waitingSince = now;
    }

    /// <summary>Fresh feedback has come.</summary>
    /// <param name="newest">When the last packet was sent that it speaks of.</param>
    /// <param name="roundTrip">The round trip.</param>
    /// <param name="now">The time.</param>
    public void OnFeedback(MonotonicTime newest, TimeSpan roundTrip, MonotonicTime now)
    {
        IsRaised = false;
        _waitingSince = newest >= _lastSent ? MonotonicTime.Never : now;
        TimeSpan wanted = 2 * roundTrip + LeastSilence / 2;
        _limit = wanted < LeastSilence ? LeastSilence : wanted > LongestSilence ? LongestSilence : wanted;
    }

    /// <summary>True when a step is due; the next is due after the same time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isFirst">True for the first step of a silence.</param>
    public bool IsDue(MonotonicTime now, out bool isFirst)
    {
        isFirst = !IsRaised;
        if (_waitingSince.IsNever || now - _waitingSince < _limit)
            return false;
        _waitingSince = now;
        IsRaised = true;
        return true;
    }

    public void Clear() => (_waitingSince, IsRaised) = (MonotonicTime.Never, false);
}
