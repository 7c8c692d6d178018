using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// The certificate that this process shows in DTLS handshakes. It proves nothing by itself: peers match its fingerprint
/// with the one in the SDP (RFC 5763 section 5), so it is self-signed and lives as long as the process.
/// </summary>
public sealed class DtlsCertificate : IDisposable
{
    private readonly AsymmetricAlgorithm _key;

    private DtlsCertificate(byte[] der, AsymmetricAlgorithm key)
    {
        Der = der;
        _key = key;
        Fingerprint = CertificateFingerprint.Of(der);
    }

    public CertificateFingerprint Fingerprint { get; }

    internal byte[] Der { get; }

    internal bool IsRsa => _key is RSA;

    /// <summary>Creates an ECDSA P-256 key and certificate, valid from 30 days ago (peers' clocks differ) for a year.</summary>
    public static DtlsCertificate CreateSelfSigned(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SelfSign(new CertificateRequest("CN=MediaGateway", key, HashAlgorithmName.SHA256), key, clock);
    }

    /// <summary>Makes an RSA certificate, as some peers still present; the gateway never does.</summary>
    internal static DtlsCertificate CreateSelfSignedRsa(TimeProvider clock)
    {
        RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=MediaGateway", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return SelfSign(request, key, clock);
    }

    internal byte[] ExportPkcs8() => _key.ExportPkcs8PrivateKey();

    public void Dispose() => _key.Dispose();

    private static DtlsCertificate SelfSign(CertificateRequest request, AsymmetricAlgorithm key, TimeProvider clock)
    {
        DateTimeOffset now = clock.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-30), now.AddYears(1));
        return new DtlsCertificate(certificate.RawData, key);
    }
}
