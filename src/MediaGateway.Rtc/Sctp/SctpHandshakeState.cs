namespace MediaGateway.Rtc.Sctp;

/// <summary>RFC 9260 section 4, up to the established association.</summary>
internal enum SctpHandshakeState
{
    New,
    CookieWait,
    CookieEchoed,
    Established,
}
