namespace MediaGateway.Rtc.Codecs;

/// <summary>RTCP feedback a payload type was negotiated with, <c>a=rtcp-fb</c> (RFC 4585 section 4.2).</summary>
[Flags]
public enum RtcpFeedbackKinds
{
    None = 0,
    Nack = 1,
    Pli = 2,
    Fir = 4,
    TransportCc = 8,
    Remb = 16,
}
