namespace MediaGateway.Sfu.Workers;

/// <summary>Bounds of one worker.</summary>
public sealed record MediaWorkerOptions
{
    /// <summary>Names the worker among those of the process.</summary>
    public int Index { get; init; }

    /// <summary>Peers of all kinds and states.</summary>
    public int MaxPeers { get; init; } = 10_000;

    /// <summary>Peers that have not connected yet: what a flood of sessions nobody completes may hold.</summary>
    public int MaxHalfOpenPeers { get; init; } = 1_000;

    public int MaxViewersPerStream { get; init; } = 10_000;

    public int MaxRooms { get; init; } = 1_000;

    /// <summary>STUN requests per second that one source address may send from paths it has not proven.</summary>
    public int UnprovenChecksPerSecond { get; init; } = 200;
}
