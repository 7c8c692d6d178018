namespace MediaGateway.Rtc.Ice;

/// <summary>Times and caps of an <see cref="IceAgent"/>; the defaults suit browsers.</summary>
public sealed record IceOptions
{
    public static readonly IceOptions Default = new();

    /// <summary>Time that the first authenticated check may take, from start or restart.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Silence after which the peer counts as disconnected. Longer than the 4 to 6 s between the consent checks that
    /// RFC 7675 section 5.1 asks for, or every such peer would flap.
    /// </summary>
    public TimeSpan DisconnectTimeout { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>Time for which one authenticated check is consent to send along its path (RFC 7675 section 5.1).</summary>
    public TimeSpan ConsentTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A selected path that is not nominated again for this long gives way to any other nominated path.</summary>
    public TimeSpan NominationTimeout { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>A path first seen this long after the selected one was selected is taken for a network change when nominated.</summary>
    public TimeSpan EstablishedAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Paths held as valid at a time; at least 2, the selected one and one more.</summary>
    public int MaxPaths { get; init; } = 16;

    /// <summary>Remote candidates kept.</summary>
    public int MaxRemoteCandidates { get; init; } = 32;

    /// <summary>Time between the first transmissions of two checks of a full agent, Ta (RFC 8445 section 14.2).</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Least time after which a full agent sends an unanswered check again, RTO (RFC 8445 section 14.3); it doubles each time.
    /// </summary>
    public TimeSpan RetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Number of times that a full agent sends a check before it gives it up, Rc (RFC 8489 section 6.2.1).</summary>
    public int MaxTransmissions { get; init; } = 7;

    /// <summary>Time that a controlling agent waits, from the first pair that works, for a better one before it nominates.</summary>
    public TimeSpan NominationDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// True when a controlling agent nominates with its first check (aggressive nomination, RFC 5245 section 8.1.1.2), which saves
    /// a check where there is only one pair; false for regular nomination.
    /// </summary>
    public bool NominatesFirst { get; init; }

    /// <summary>Mean time between two consent checks of a full agent (RFC 7675 section 5.1).</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Number of times that an unanswered consent check is sent; once by RFC 7675, at most <see cref="MaxTransmissions"/>.
    /// </summary>
    public int ConsentTransmissions { get; init; } = 1;

    /// <summary>Candidate pairs that a full agent checks at most (RFC 8445 section 6.1.2.5).</summary>
    public int MaxPairs { get; init; } = 100;
}
