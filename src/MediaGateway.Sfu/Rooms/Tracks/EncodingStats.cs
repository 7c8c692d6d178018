using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Numbers of one encoding of a track, since it began.</summary>
/// <param name="Rid">RID of the encoding; empty without simulcast.</param>
/// <param name="PacketsReceived">Packets received.</param>
/// <param name="PacketsLost">Packets missing by their sequence numbers.</param>
/// <param name="Rate">Rate of the payload over about the last half second.</param>
/// <param name="Jitter">Interarrival jitter (RFC 3550 section 6.4.1).</param>
/// <param name="KeyFrames">Key frames received.</param>
/// <param name="KeyFrameRequests">Requests for key frames sent by the gateway.</param>
/// <param name="Retransmissions">Packets received by retransmission.</param>
/// <param name="IsActive">Whether media came within the last second.</param>
public sealed record EncodingStats(
    string Rid, long PacketsReceived, long PacketsLost, Bitrate Rate, TimeSpan Jitter, long KeyFrames, long KeyFrameRequests,
    long Retransmissions, bool IsActive);
