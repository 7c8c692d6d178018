using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaGateway.Platform.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

public sealed class DtlsCertificateTests
{
    [Fact]
    public void Certificate_is_P256_and_valid_around_now()
    {
        using DtlsCertificate certificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(certificate.Der);
        using ECDsa key = parsed.GetECDsaPublicKey()!;
        Assert.Equal("CN=MediaGateway", parsed.Subject);
        Assert.Equal(256, key.KeySize);
        Assert.True(parsed.NotBefore < DateTime.Now.AddDays(-29));
        Assert.True(parsed.NotAfter > DateTime.Now.AddDays(300));
        Assert.True(certificate.Fingerprint.Matches(parsed.RawData));
    }

    [Fact]
    public void Certificates_differ()
    {
        using DtlsCertificate first = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
        using DtlsCertificate second = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
        Assert.NotEqual(first.Fingerprint, second.Fingerprint);
    }
}
