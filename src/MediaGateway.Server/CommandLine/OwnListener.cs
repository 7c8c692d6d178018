using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.CommandLine;

/// <summary>A gateway on this machine, found by its configuration.</summary>
internal static class OwnListener
{
    /// <param name="configuration">The gateway's.</param>
    /// <param name="key">Which listener.</param>
    /// <param name="port">Where it is when nobody says otherwise.</param>
    public static Uri UrlOf(IConfiguration configuration, string key, int port)
    {
        ListenAddress address = ListenAddress.TryParse(configuration[key] ?? "", out ListenAddress? configured) ? configured
            : new ListenAddress("127.0.0.1", port);
        bool isTls = !string.IsNullOrEmpty(configuration["Tls:CertificateFile"]);
        return isTls ? new UriBuilder(address.LocalUrl) { Scheme = Uri.UriSchemeHttps }.Uri : address.LocalUrl;
    }

    /// <summary>
    /// Takes the configured certificate for the gateway's, whatever name it is for: on this machine it is reached under another one. A file
    /// that
    /// cannot be read leaves it at what everybody may check.
    /// </summary>
    public static HttpMessageHandler CreateHandler(IConfiguration configuration)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        string file = configuration["Tls:CertificateFile"] ?? "";
        if (file.Length > 0 && File.Exists(file))
        {
            string own = X509CertificateLoader.LoadCertificateFromFile(file).Thumbprint;
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                errors == SslPolicyErrors.None || certificate is X509Certificate2 { Thumbprint: { } thumbprint } && thumbprint == own;
        }
        return handler;
    }
}
