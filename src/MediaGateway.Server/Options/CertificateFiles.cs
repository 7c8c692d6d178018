using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MediaGateway.Server.Options;

/// <summary>The files that <see cref="TlsOptions"/> names.</summary>
internal static class CertificateFiles
{
    /// <summary>Reads a certificate with its key and chain.</summary>
    /// <param name="options">The files.</param>
    /// <param name="context">What was read.</param>
    /// <param name="problem">What is wrong with them, for the operator.</param>
    public static bool TryLoad(TlsOptions options, [NotNullWhen(true)] out SslStreamCertificateContext? context,
        [NotNullWhen(false)] out string? problem)
    {
        context = null;
        problem = null;
        try
        {
            X509Certificate2Collection all = [];
            all.ImportFromPemFile(options.CertificateFile);
            context = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile),
                [.. all.Skip(1)], offline: true);
            return true;
        }
        catch (Exception unreadable) when (
            unreadable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = unreadable.Message;
            return false;
        }
    }
}
