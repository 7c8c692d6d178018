using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A live stream at one moment, safe to hand to other threads.</summary>
/// <param name="Name">The stream's name.</param>
/// <param name="IsLive">Whether a publisher is on air.</param>
/// <param name="ViewerCount">Viewers, connected or connecting.</param>
/// <param name="Codecs">The codecs on air, as the publisher negotiated them: audio and video, at most one each.</param>
public sealed record LiveStreamSnapshot(string Name, bool IsLive, int ViewerCount, ImmutableArray<RtpCodec> Codecs);
