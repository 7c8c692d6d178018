namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=setup</c>: who opens the DTLS association (RFC 4145 section 4, RFC 8842).</summary>
public enum SdpSetup
{
    Active,
    Passive,
    Actpass,
    Holdconn,
}
