using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The first look at a path, in which what arrives without a queue is all that is known of it: the first packets are a probe. It is over
/// with the first sign that the path is full, or after <see cref="Length"/>.
/// </summary>
internal sealed class FirstLook
{
    /// <summary>Time from the first feedback: longer than the window in which arrivals are counted, so that it is full once.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(700);

    private MonotonicTime _since = MonotonicTime.Never;

    public bool IsOver { get; private set; }

    /// <summary>Takes a verdict on the path.</summary>
    /// <returns>True when what arrives is to be believed at once.</returns>
    public bool Take(Overuse verdict, MonotonicTime now)
    {
        if (IsOver)
            return false;
        _since = MonotonicTime.Min(_since, now);
        IsOver = verdict is Overuse.Growing or Overuse.Standing || now - _since >= Length;
        return verdict == Overuse.None;
    }
}
