namespace MediaGateway.Testing.Dtls;

/// <summary>Faults of the path between two peers. Differing delays reorder.</summary>
public sealed record DtlsLinkFaults
{
    /// <summary>Probability that a datagram is lost.</summary>
    public double Loss { get; init; }

    /// <summary>Probability that a datagram arrives twice.</summary>
    public double Duplication { get; init; }

    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(10);
}
