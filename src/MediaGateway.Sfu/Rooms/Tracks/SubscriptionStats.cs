using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>A participant's reception of a track with its numbers at one moment.</summary>
public sealed record SubscriptionStats
{
    public required TrackSid Track { get; init; }

    public required string Publisher { get; init; }

    public required string Subscriber { get; init; }

    /// <summary>A section is negotiated: packets may flow.</summary>
    public required bool IsBound { get; init; }

    /// <summary>What the subscriber asked for.</summary>
    public required VideoQuality RequestedQuality { get; init; }

    /// <summary>What was set for this subscriber alone.</summary>
    public TrackLimits Limits { get; init; } = TrackLimits.None;

    /// <summary>What it is sent; null when nothing is.</summary>
    public LayerState? Layers { get; init; }

    public long PacketsSent { get; init; }

    /// <summary>Payload.</summary>
    public long BytesSent { get; init; }

    /// <summary>As the subscriber reported last.</summary>
    public long PacketsLost { get; init; }

    /// <summary>As the subscriber reported last: 0 to 1.</summary>
    public double FractionLost { get; init; }

    /// <summary>As the subscriber reported last.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Null before the first report.</summary>
    public TimeSpan? RoundTrip { get; init; }

    public long PacketsResent { get; init; }
}
