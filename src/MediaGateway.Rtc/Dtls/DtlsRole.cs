namespace MediaGateway.Rtc.Dtls;

/// <summary>Our side of the handshake: <c>a=setup:passive</c> makes us server, <c>a=setup:active</c> client (RFC 5763 section 5).</summary>
public enum DtlsRole
{
    Server,
    Client,
}
