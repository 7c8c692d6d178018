using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Ice;

/// <summary>
/// A local base and a remote candidate (RFC 8445 section 6.1.2.2). Candidates behind one base make one pair, since checks
/// leave from the base (section 6.1.2.4): so a pair is a path.
/// </summary>
internal sealed class IcePair(NetworkPath path, uint localPriority, uint remotePriority, string foundation)
{
    private IceTransaction _earlier;
    private bool _isUnanswered;

    public NetworkPath Path { get; } = path;

    public uint LocalPriority { get; } = localPriority;

    public uint RemotePriority { get; } = remotePriority;

    /// <summary>The foundations of both candidates (RFC 8445 section 6.1.2.6).</summary>
    public string Foundation { get; } = foundation;

    public IcePairState State { get; set; }

    /// <summary>Number of checks of the pair that were given up for want of an answer.</summary>
    public int Rounds { get; private set; }

    /// <summary>True when the pair has failed for want of an answer, not because it was refused.</summary>
    public bool HasTimedOut => State == IcePairState.Failed && _isUnanswered;

    /// <summary>True when the remote has nominated the pair before its check succeeded (RFC 8445 section 7.3.1.5).</summary>
    public bool IsNominatedByRemote { get; set; }

    /// <summary>The newest check of the pair.</summary>
    public IceTransaction Check { get; private set; }

    /// <summary>True while the newest check may still be sent again.</summary>
    public bool IsChecking => Check.IsPending && !Check.Due.IsNever;

    /// <summary>The smaller of both priorities, which decides between pairs first.</summary>
    public uint LesserPriority => Math.Min(LocalPriority, RemotePriority);

    /// <summary>RFC 8445 section 6.1.2.3: 2^32 MIN(G,D) + 2 MAX(G,D) + (G>D), where G is the controlling agent's candidate.</summary>
    public ulong PriorityIn(IceRole role)
    {
        (uint controlling, uint controlled) = role == IceRole.Controlling ? (LocalPriority, RemotePriority)
            : (RemotePriority, LocalPriority);
        return ((ulong)Math.Min(controlling, controlled) << 32)
            + (2UL * Math.Max(controlling, controlled)) + (controlling > controlled ? 1UL : 0UL);
    }

    /// <summary>Makes a check the newest one; an answer to the one before still counts (RFC 8445 section 7.3.1.4).</summary>
    public void Begin(in IceTransaction check)
    {
        if (Check.IsPending)
            _earlier = Check;
        Check = check;
    }

    /// <summary>Notes that the newest check was sent again.</summary>
    public void OnSent(MonotonicTime now, int maxTransmissions) => Check = Check.Sent(now, maxTransmissions);

    /// <summary>Stops sending the newest check; an answer to it still counts.</summary>
    public void StopSending() => Check = Check.SentForGood();

    /// <summary>Ends the pair's checks without success.</summary>
    public void Fail(bool hasTimedOut)
    {
        State = IcePairState.Failed;
        _isUnanswered = hasTimedOut;
        Rounds += hasTimedOut ? 1 : 0;
        IsNominatedByRemote = false;
        StopSending();
    }

    /// <summary>True when a response's transaction id is that of a check of this pair.</summary>
    public bool IsAnsweredBy(StunTransactionId id) => (Check.IsPending && Check.Id == id) || (_earlier.IsPending && _earlier.Id == id);

    /// <summary>Finds the check that a response answers, and forgets all checks of the pair up to it.</summary>
    public bool TryTake(StunTransactionId id, out IceTransaction check)
    {
        if (Check.IsPending && Check.Id == id)
        {
            check = Check;
            Check = default;
            _earlier = default;
            return true;
        }
        check = _earlier;
        if (!_earlier.IsPending || _earlier.Id != id)
            return false;
        _earlier = default;
        return true;
    }
}
