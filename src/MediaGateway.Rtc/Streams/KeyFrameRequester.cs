using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Coalesces everybody's wish for a key frame into few requests to the publisher: at most one per
/// <see cref="MinInterval"/>, repeated while none has come, because the request or the key frame may be lost.
/// </summary>
public sealed class KeyFrameRequester
{
    /// <summary>Encoders answer a burst with a burst of large frames; browsers throttle at about this interval too.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMilliseconds(700);

    private MonotonicTime _lastSent;
    private bool _everSent;

    /// <summary>True from a request until a key frame arrives.</summary>
    public bool IsPending { get; private set; }

    public long RequestsSent { get; private set; }

    public MonotonicTime NextDeadline { get; private set; } = MonotonicTime.Never;

    public void Request(MonotonicTime now)
    {
        IsPending = true;
        MonotonicTime earliest = _everSent ? _lastSent + MinInterval : now;
        NextDeadline = MonotonicTime.Min(NextDeadline, earliest > now ? earliest : now);
    }

    public void OnKeyFrame()
    {
        IsPending = false;
        NextDeadline = MonotonicTime.Never;
    }

    /// <summary>True when a request (PLI or FIR) is to be sent now.</summary>
    public bool TakeDue(MonotonicTime now)
    {
        if (NextDeadline > now)
            return false;
        _lastSent = now;
        _everSent = true;
        RequestsSent++;
        NextDeadline = now + RepeatInterval;
        return true;
    }
}
