using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Dtls;

/// <summary>
/// Result of a completed handshake: SRTP keying material (RFC 5764 section 4.2), already sorted into our side and
/// the peer's, and the peer's certificate, which the caller must match against the SDP's fingerprint before use.
/// </summary>
/// <param name="Profile">The negotiated SRTP profile.</param>
/// <param name="LocalKey">Master key for what we send: 16 bytes, 32 for AES-256.</param>
/// <param name="LocalSalt">Master salt for what we send: 14 bytes for AES-CM, 12 for AES-GCM.</param>
/// <param name="RemoteKey">Master key for what we receive.</param>
/// <param name="RemoteSalt">Master salt for what we receive.</param>
/// <param name="PeerCertificate">The peer's certificate in DER.</param>
/// <param name="CipherSuite">OpenSSL's name of the DTLS cipher suite, for diagnostics.</param>
public sealed record DtlsHandshakeResult(
    SrtpProfile Profile,
    byte[] LocalKey,
    byte[] LocalSalt,
    byte[] RemoteKey,
    byte[] RemoteSalt,
    byte[] PeerCertificate,
    string CipherSuite);
