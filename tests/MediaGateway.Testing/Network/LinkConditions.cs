namespace MediaGateway.Testing.Network;

/// <summary>Faults of a simulated wire, for each datagram independently at random unless said otherwise.</summary>
public sealed record LinkConditions
{
    public static readonly LinkConditions Perfect = new();

    /// <summary>0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>0 to 1: delivered twice.</summary>
    public double Duplication { get; init; }

    /// <summary>Delay in one direction.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Mean number of datagrams that are lost one after the other (Gilbert's model); 1 loses each independently.</summary>
    public double LossBurst { get; init; } = 1;

    /// <summary>Uniformly added to <see cref="Delay"/>: reorders what is closer together than this, unless the order is kept.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>True for jitter that reorders nothing: what would overtake waits (RFC 8867 section 3).</summary>
    public bool KeepsOrder { get; init; }
}
