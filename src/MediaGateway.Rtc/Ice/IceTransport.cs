namespace MediaGateway.Rtc.Ice;

/// <summary>Transport protocol of a candidate (RFC 8839 section 5.1, RFC 6544 section 4.5).</summary>
public enum IceTransport
{
    Udp,
    Tcp,
}
