using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MediaGateway.Platform.Interop;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// DTLS 1.2 through OpenSSL 3: one SSL_CTX for both roles. AEAD cipher suites only: with a CBC one any forged record
/// ends a connection, in patched releases too.
/// </summary>
public sealed unsafe class OpenSslDtlsContext : IDtlsContext
{
    /// <summary>Most application data of one record, bytes; a longer write would be fatal to the connection.</summary>
    internal const int MaxApplicationData = 1200;

    // The last is for peers with an RSA certificate when we are the client.
    private const string CipherSuites =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256";

    private const int KeyTypeRsa = 6;
    private const int KeyTypeEc = 408;

    // libssl buffers handshake flights in 4096 bytes, and 3.0 cannot make do with less than a link MTU of 256.
    private const int MinMtu = 228;
    private const int MaxMtu = 4000;

    private readonly SafeSslContextHandle _context;
    private readonly DtlsClock _clock;

    /// <summary>The settings used last, which nearly all endpoints share.</summary>
    private volatile ProfileNames? _names;

    /// <summary>Copies what it needs from <paramref name="certificate"/>, which stays the caller's.</summary>
    /// <exception cref="OpenSslUnavailableException">OpenSSL 3 is not installed.</exception>
    /// <exception cref="InvalidOperationException">OpenSSL refused a setting or the certificate.</exception>
    public OpenSslDtlsContext(DtlsCertificate certificate)
        : this(certificate, OpenSslRuntime.Version is { Major: 3, Minor: 0 } ? DtlsClock.Caller : DtlsClock.Library)
    {
    }

    internal OpenSslDtlsContext(DtlsCertificate certificate, DtlsClock clock)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        _ = OpenSslRuntime.Version;
        _clock = clock;
        Fingerprint = certificate.Fingerprint;
        LibCrypto.ERR_clear_error();
        _context = LibSsl.SSL_CTX_new(LibSsl.DTLS_method());
        Require(!_context.IsInvalid, "create a context");
        Configure();
        Load(certificate);
    }

    public CertificateFingerprint Fingerprint { get; }

    /// <exception cref="ArgumentException">No SRTP profile, or one that is unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The MTU is not in 228-4000, or a time is not positive.</exception>
    public IDtlsEndpoint CreateEndpoint(DtlsRole role, IDtlsSink sink, DtlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Mtu, MinMtu);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Mtu, MaxMtu);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.FirstRetransmission, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRetransmission, options.FirstRetransmission);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxRetransmission, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.HandshakeDeadline, TimeSpan.Zero);
        return new OpenSslDtlsEndpoint(_context, sink, new OpenSslConnectionSettings(role, options, NamesOf(options), _clock));
    }

    /// <summary>Frees the context. Endpoints already made go on, since each holds its own reference on the SSL_CTX.</summary>
    public void Dispose() => _context.Dispose();

    private string NamesOf(DtlsOptions options)
    {
        ProfileNames? names = _names;
        if (names is null || names.Profiles != options.Profiles)
            _names = names = new ProfileNames(options.Profiles, JoinedNamesOf(options));
        return names.Joined;
    }

    private static string JoinedNamesOf(DtlsOptions options)
    {
        if (options.Profiles.IsDefaultOrEmpty)
            throw new ArgumentException("At least one SRTP profile is needed.", nameof(options));
        return string.Join(':', options.Profiles.Select(NameOf));

        static string NameOf(SrtpProfile profile) => SrtpProfileParameters.TryGet(profile, out SrtpProfileParameters parameters)
            ? parameters.Name
            : throw new ArgumentException($"Unknown SRTP profile {profile}.", nameof(options));
    }

    private void Configure()
    {
        LibSsl.SSL_CTX_set_options(
            _context,
            LibSsl.OptionNoQueryMtu | LibSsl.OptionNoTicket | LibSsl.OptionNoCompression
            | LibSsl.OptionCipherServerPreference | LibSsl.OptionNoRenegotiation);
        Require(LibSsl.SSL_CTX_ctrl(_context, LibSsl.CtrlSetMinProtoVersion, LibSsl.Dtls12Version, null) == 1, "set DTLS 1.2");
        Require(LibSsl.SSL_CTX_ctrl(_context, LibSsl.CtrlSetMaxProtoVersion, LibSsl.Dtls12Version, null) == 1, "set DTLS 1.2");
        LibSsl.SSL_CTX_ctrl(_context, LibSsl.CtrlSetSessionCacheMode, 0, null);
        Require(LibSsl.SSL_CTX_set_cipher_list(_context, CipherSuites) == 1, "set the cipher suites");
        fixed (byte* groups = "X25519:P-256:P-384\0"u8)
            Require(LibSsl.SSL_CTX_ctrl(_context, LibSsl.CtrlSetGroupsList, 0, groups) == 1, "set the key exchange groups");
        // Record buffers of this size instead of 16 KB: 50 KB per connection instead of 60 to 75.
        Require(LibSsl.SSL_CTX_ctrl(_context, LibSsl.CtrlSetMaxSendFragment, MaxApplicationData, null) == 1, "set the record size");
        LibSsl.SSL_CTX_set_verify(_context, LibSsl.VerifyPeer | LibSsl.VerifyFailIfNoPeerCertificate, 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(_context, &AcceptCertificate, 0);
    }

    private void Load(DtlsCertificate certificate)
    {
        fixed (byte* der = certificate.Der)
            Require(LibSsl.SSL_CTX_use_certificate_ASN1(_context, certificate.Der.Length, der) == 1, "use the certificate");
        byte[] key = certificate.ExportPkcs8();
        int keyType = certificate.IsRsa ? KeyTypeRsa : KeyTypeEc;
        fixed (byte* der = key)
            Require(LibSsl.SSL_CTX_use_PrivateKey_ASN1(keyType, _context, der, new CLong(key.Length)) == 1, "use the private key");
        CryptographicOperations.ZeroMemory(key);
        Require(LibSsl.SSL_CTX_check_private_key(_context) == 1, "match the private key with the certificate");
    }

    private static void Require(bool succeeded, string attempt)
    {
        if (!succeeded)
            throw new InvalidOperationException($"OpenSSL could not {attempt}: {LibCrypto.TakeError()}.");
    }

    /// <summary>
    /// Accepts any certificate. Certificates are self-signed; only the fingerprint in the SDP says whose they are (RFC 8122), and the
    /// SDP may arrive after the handshake. libssl still proves that the peer holds the key.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AcceptCertificate(nint store, nint argument) => 1;

    private sealed record ProfileNames(ImmutableArray<SrtpProfile> Profiles, string Joined);
}
