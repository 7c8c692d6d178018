using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The data channel section (RFC 8841) that both sides agreed on.</summary>
public sealed record NegotiatedData(Mid Mid, int RemotePort, int RemoteMaxMessageSize);
