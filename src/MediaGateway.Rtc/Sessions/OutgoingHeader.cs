using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>Fields of an outgoing packet's RTP header that its sender does not set by itself (RFC 3550 section 5.1).</summary>
/// <param name="Sequence">
/// Sequence number with the roll-over count above it: the packet's SRTP index, and so never the same for two packets that differ.
/// </param>
/// <param name="Timestamp">RTP timestamp, in units of the codec's clock rate.</param>
/// <param name="PayloadType">One of the payload types of <see cref="RtpSender.Codecs"/>.</param>
/// <param name="Marker">The marker bit: the last packet of a picture, or the first of a talk spurt.</param>
public readonly record struct OutgoingHeader(ExtendedSequence Sequence, RtpTimestamp Timestamp, PayloadType PayloadType, bool Marker);
