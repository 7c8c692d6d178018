using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>What has come of one encoding of a track.</summary>
/// <param name="Rid">Its RID; empty without simulcast.</param>
/// <param name="PacketsReceived">Since it began.</param>
/// <param name="PacketsLost">Since it began, by sequence numbers.</param>
/// <param name="Rate">Payload, over the last half second or so.</param>
/// <param name="Jitter">RFC 3550 section 6.4.1.</param>
/// <param name="KeyFrames">Since it began.</param>
/// <param name="KeyFrameRequests">Asked for by the gateway.</param>
/// <param name="Retransmissions">Packets that came after they had been asked for again.</param>
/// <param name="IsActive">Whether media came within the last second.</param>
public sealed record EncodingStats(
    string Rid, long PacketsReceived, long PacketsLost, Bitrate Rate, TimeSpan Jitter, long KeyFrames, long KeyFrameRequests, long Retransmissions, bool IsActive);
