using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>A published track at one moment, as the participants of the room see it.</summary>
public sealed record TrackInfo
{
    public required TrackSid Sid { get; init; }

    public required MediaKind Kind { get; init; }

    public required string Name { get; init; }

    public required TrackSource Source { get; init; }

    public bool Muted { get; init; }

    /// <summary>Pixels; 0 for audio.</summary>
    public int Width { get; init; }

    /// <summary>Pixels; 0 for audio.</summary>
    public int Height { get; init; }

    /// <summary>True when more than one encoding was negotiated.</summary>
    public bool Simulcast { get; init; }

    public ImmutableArray<VideoLayer> Layers { get; init; } = [];

    /// <summary>
    /// Media type in which it is published, for example <c>video/VP8</c>; before negotiation the first that was announced.
    /// </summary>
    public required string MimeType { get; init; }

    /// <summary>Mid of the publisher's media section; empty before negotiation.</summary>
    public string Mid { get; init; } = "";

    public ImmutableArray<TrackCodec> Codecs { get; init; } = [];

    public bool Stereo { get; init; }

    public bool DisableDtx { get; init; }

    public bool DisableRed { get; init; }

    public TrackEncryption Encryption { get; init; }

    public string Stream { get; init; } = "";

    public ImmutableArray<int> AudioFeatures { get; init; } = [];

    public int BackupCodecPolicy { get; init; }

    /// <summary>Number that grows with every change.</summary>
    public int Version { get; init; }
}
