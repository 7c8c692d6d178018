namespace MediaGateway.Rtc.Ice;

/// <summary>The states of a candidate pair (RFC 8445 section 6.1.2.6).</summary>
internal enum IcePairState
{
    /// <summary>The pair waits until a pair of the same foundation has succeeded, or none other is left to check.</summary>
    Frozen,

    /// <summary>The pair's check has not been sent yet.</summary>
    Waiting,

    /// <summary>The pair's check has been sent and not been answered.</summary>
    InProgress,

    /// <summary>A check of the pair was answered.</summary>
    Succeeded,

    /// <summary>The pair's check was not answered in time, or refused, or answered from elsewhere.</summary>
    Failed,
}
