using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>A source the other side declared with <c>a=ssrc</c>.</summary>
/// <param name="Primary">The media itself.</param>
/// <param name="Retransmission">Its RTX stream, from an <c>FID</c> group (RFC 4588 section 8); null without one.</param>
public readonly record struct RemoteSource(Ssrc Primary, Ssrc? Retransmission);
