using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Ice;

/// <summary>A check on its way: what it said, and when it is sent again (RFC 8489 section 6.2.1).</summary>
internal readonly record struct IceTransaction
{
    public StunTransactionId Id { get; init; }

    /// <summary>The role that the check claimed; none before the first check, for which <see cref="Transmissions"/> is 0.</summary>
    public IceRole Role { get; init; }

    /// <summary>True when the check carried USE-CANDIDATE.</summary>
    public bool Nominates { get; init; }

    /// <summary>Number of times that the check has been sent; 0 for no check at all.</summary>
    public int Transmissions { get; init; }

    /// <summary>Time at which the check is sent again or, after the last transmission, given up; never for a consent check.</summary>
    public MonotonicTime Due { get; init; }

    /// <summary>The retransmission timeout that the first transmission began with.</summary>
    public TimeSpan Timeout { get; init; }

    public bool IsPending => Transmissions > 0;

    /// <summary>The same check after one more transmission: the wait doubles, and the one after the last is longer (Rm).</summary>
    public IceTransaction Sent(MonotonicTime now, int maxTransmissions)
    {
        const int LastWait = 16;
        TimeSpan wait = Transmissions + 1 >= maxTransmissions ? Timeout * LastWait : Timeout * (1 << Transmissions);
        return this with { Transmissions = Transmissions + 1, Due = now + wait };
    }

    /// <summary>The same check, waited for without being sent again.</summary>
    public IceTransaction SentForGood() => this with { Due = MonotonicTime.Never };
}
