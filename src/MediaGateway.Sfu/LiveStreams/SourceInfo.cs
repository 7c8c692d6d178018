using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A source of a live stream at one moment, safe to hand to other threads.</summary>
/// <param name="Description">Description of the source.</param>
/// <param name="IsLive">Whether media comes from it.</param>
/// <param name="HasVideo">Whether it has video.</param>
/// <param name="HasAudio">Whether it has audio.</param>
/// <param name="VideoCodec">Codec of its video; null without video.</param>
/// <param name="VideoRate">Payload rate of the best encoding that is sent.</param>
public sealed record SourceInfo(
    SourceDescription Description, bool IsLive, bool HasVideo, bool HasAudio, CodecKind? VideoCodec, Bitrate VideoRate);
