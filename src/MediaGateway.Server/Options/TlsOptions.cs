namespace MediaGateway.Server.Options;

/// <summary>TLS of the HTTP and the control listener. Without a certificate both speak plain HTTP.</summary>
internal sealed record TlsOptions
{
    /// <summary>A PEM file with the certificate and, after it, those that signed it.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>A PEM file with the certificate's private key, not encrypted.</summary>
    public string KeyFile { get; init; } = "";

    public bool IsOn => CertificateFile.Length > 0;
}
