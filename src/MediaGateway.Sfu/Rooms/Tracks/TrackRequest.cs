using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>A participant's request to publish a track; the media section that carries it is negotiated apart, before or after.</summary>
public sealed record TrackRequest
{
    /// <summary>Id that the client gives the media track: in its SDP the track id of <c>a=msid</c>, except in Firefox.</summary>
    public required string Cid { get; init; }

    public required MediaKind Kind { get; init; }

    public string Name { get; init; } = "";

    public TrackSource Source { get; init; }

    public bool Muted { get; init; }

    /// <summary>Pixels; 0 for audio.</summary>
    public int Width { get; init; }

    /// <summary>Pixels; 0 for audio.</summary>
    public int Height { get; init; }

    public ImmutableArray<VideoLayer> Layers { get; init; } = [];

    /// <summary>Codecs that it will be sent in, the most wanted first; empty when the client leaves that to negotiation.</summary>
    public ImmutableArray<TrackCodec> Codecs { get; init; } = [];

    /// <summary>Sid of the track, when this is a further codec of one that is published already.</summary>
    public TrackSid? Sid { get; init; }

    public bool Stereo { get; init; }

    public bool DisableDtx { get; init; }

    public bool DisableRed { get; init; }

    public TrackEncryption Encryption { get; init; }

    /// <summary>Name of the media stream; tracks with the same one belong together.</summary>
    public string Stream { get; init; } = "";

    /// <summary>LiveKit's AudioTrackFeature numbers, passed on.</summary>
    public ImmutableArray<int> AudioFeatures { get; init; } = [];

    /// <summary>LiveKit's BackupCodecPolicy number, passed on.</summary>
    public int BackupCodecPolicy { get; init; }
}
