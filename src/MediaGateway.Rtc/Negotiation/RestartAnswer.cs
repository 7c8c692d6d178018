using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The outcome of an ICE restart.</summary>
/// <param name="Session">The session with the other side's new credentials; its description stays the first one.</param>
/// <param name="Fragment">The body of the response to the PATCH (RFC 9725 section 4.3.3).</param>
public sealed record RestartAnswer(NegotiatedSession Session, SdpFragment Fragment);
