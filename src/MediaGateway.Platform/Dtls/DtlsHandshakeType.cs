namespace MediaGateway.Platform.Dtls;

/// <summary>TLS 1.2 handshake messages that travel in plaintext (RFC 5246 section 7.4, RFC 6347, RFC 5077, RFC 6066).</summary>
internal enum DtlsHandshakeType : byte
{
    HelloRequest = 0,
    ClientHello = 1,
    ServerHello = 2,
    HelloVerifyRequest = 3,
    NewSessionTicket = 4,
    Certificate = 11,
    ServerKeyExchange = 12,
    CertificateRequest = 13,
    ServerHelloDone = 14,
    CertificateVerify = 15,
    ClientKeyExchange = 16,
    CertificateStatus = 22,
}
