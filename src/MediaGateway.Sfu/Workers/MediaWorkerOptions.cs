namespace MediaGateway.Sfu.Workers;

/// <summary>The limits of one worker.</summary>
public sealed record MediaWorkerOptions
{
    /// <summary>Index of the worker among those of the process.</summary>
    public int Index { get; init; }

    /// <summary>Most peers of all kinds and states.</summary>
    public int MaxPeers { get; init; } = 10_000;

    /// <summary>Most peers that have not connected yet, which bounds what a flood of sessions that nobody completes can occupy.</summary>
    public int MaxHalfOpenPeers { get; init; } = 1_000;

    public int MaxViewersPerStream { get; init; } = 10_000;

    public int MaxRooms { get; init; } = 1_000;

    /// <summary>Most STUN requests per second from one source address over paths that it has not proven.</summary>
    public int UnprovenChecksPerSecond { get; init; } = 200;

    /// <summary>True when video may be paused whose lowest layer a receiver's line does not carry beside the sound.</summary>
    public bool AllowsPause { get; init; } = true;
}
