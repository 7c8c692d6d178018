namespace MediaGateway.Rtc.Srtp;

/// <summary>
/// Use of the session keys derived from a master key; the value is the first of their three labels (RFC 3711 section 4.3.2).
/// </summary>
internal enum SrtpKeyUsage : byte
{
    Rtp = 0,
    Rtcp = 3,
}
