namespace MediaGateway.Rtc.Rtcp;

/// <summary>Tells RTCP from RTP on one port (RFC 5761 section 4).</summary>
public static class RtcpClassifier
{
    /// <summary>
    /// Tells RTCP from RTP in a datagram that RFC 7983 classed as one of them. Types 192-223 are RTCP; as RTP they would be
    /// payload types 64-95 with the marker set, which RFC 5761 forbids to use.
    /// </summary>
    public static bool IsRtcp(ReadOnlySpan<byte> datagram) => datagram.Length >= 2 && datagram[1] is >= 192 and <= 223;
}
