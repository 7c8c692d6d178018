using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Numbers of a participant's subscription to a track at one moment.</summary>
public sealed record SubscriptionStats
{
    public required TrackSid Track { get; init; }

    public required string Publisher { get; init; }

    public required string Subscriber { get; init; }

    /// <summary>True when a section is negotiated, so that packets may flow.</summary>
    public required bool IsBound { get; init; }

    /// <summary>Quality that the subscriber asked for.</summary>
    public required VideoQuality RequestedQuality { get; init; }

    /// <summary>Limits for this subscriber alone.</summary>
    public TrackLimits Limits { get; init; } = TrackLimits.None;

    /// <summary>Cause that keeps the subscriber from being sent more.</summary>
    public LimitCause LimitedBy { get; init; }

    /// <summary>True when it is sent nothing although it wants to be: for want of time or of bandwidth.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Size of the picture that it is sent, pixels, as the publisher declared it; zeros when it did not or none is.</summary>
    public (int Width, int Height) Size { get; init; }

    /// <summary>The layers that it is sent; null when nothing is.</summary>
    public LayerState? Layers { get; init; }

    public long PacketsSent { get; init; }

    /// <summary>Payload sent, bytes.</summary>
    public long BytesSent { get; init; }

    /// <summary>Packets lost, as the subscriber reported last.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Fraction of packets lost, as the subscriber reported last, 0 to 1.</summary>
    public double FractionLost { get; init; }

    /// <summary>Interarrival jitter, as the subscriber reported last.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Round trip to the subscriber; null before its first report.</summary>
    public TimeSpan? RoundTrip { get; init; }

    public long PacketsResent { get; init; }
}
