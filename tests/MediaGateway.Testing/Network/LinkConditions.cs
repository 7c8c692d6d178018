namespace MediaGateway.Testing.Network;

/// <summary>Faults of a simulated link, for each datagram independently at random.</summary>
public sealed record LinkConditions
{
    public static readonly LinkConditions Perfect = new();

    /// <summary>0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>0 to 1: delivered twice.</summary>
    public double Duplication { get; init; }

    /// <summary>Delay in one direction.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Uniformly added to <see cref="Delay"/>: reorders what is closer together than this.</summary>
    public TimeSpan Jitter { get; init; }
}
