using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The source we send in one section.</summary>
/// <param name="Primary">SSRC of the media itself.</param>
/// <param name="Retransmission">SSRC of its RTX stream; null when no codec of the section has RTX.</param>
/// <param name="CanonicalName">RTCP CNAME; sources that share it are synchronised (RFC 3550 section 6.5.1).</param>
/// <param name="StreamId">MediaStream id of <c>a=msid</c>; a token.</param>
/// <param name="TrackId">MediaStreamTrack id of <c>a=msid</c>; a token.</param>
public sealed record LocalSource(Ssrc Primary, Ssrc? Retransmission, string CanonicalName, string StreamId, string TrackId);
