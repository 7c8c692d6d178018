namespace MediaGateway.Rtc.Transport;

/// <summary>Protocol of a datagram on the multiplexed port, by its first byte (RFC 7983 section 7, RFC 5761 section 4).</summary>
public enum DatagramKind
{
    Unknown,
    Stun,
    Dtls,
    Rtp,
    Rtcp,
}
