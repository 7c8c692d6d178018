using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Peers;

/// <param name="Timestamp">As received.</param>
/// <param name="Ssrc">As received.</param>
/// <param name="Arrival">When.</param>
/// <param name="Payload">What.</param>
public readonly record struct ReceivedPacket(RtpTimestamp Timestamp, Ssrc Ssrc, MonotonicTime Arrival, TestPayload Payload);
