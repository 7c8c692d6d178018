using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MediaGateway.LoadTester.Servers;

/// <summary>
/// A certificate of a gateway of our own on this machine, made for one run, in files. Ownership: removes them when disposed.
/// </summary>
internal sealed class OwnCertificate : IDisposable
{
    private const string Subject = "CN=localhost";

    private readonly string _folder = Directory.CreateTempSubdirectory("mediagateway-").FullName;

    public OwnCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string CertificateFile => Path.Combine(_folder, "tls.crt");

    public string KeyFile => Path.Combine(_folder, "tls.key");

    /// <summary>Takes such a certificate, which nobody but us has signed.</summary>
    public static RemoteCertificateValidationCallback IsTrusted { get; } =
        static (_, certificate, _, _) => certificate?.Subject == Subject;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
