namespace MediaGateway.Rtc.Negotiation;

/// <summary>Why a section has no codec that it can be served in.</summary>
/// <param name="Error">The same in words.</param>
/// <param name="IsMistake">
/// True when it has codecs that we know, and something is amiss with each of them: its sender is told what to change. False when it has
/// none: that costs the section, and no more (RFC 3264 section 6).
/// </param>
internal sealed record CodecRefusal(NegotiationError Error, bool IsMistake);
