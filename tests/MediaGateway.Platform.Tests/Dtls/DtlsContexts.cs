using MediaGateway.Platform.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>Two parties with a certificate each, made once: a P-256 key takes longer than a handshake.</summary>
public sealed class DtlsContexts : IDisposable
{
    private readonly DtlsCertificate _serverCertificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
    private readonly DtlsCertificate _clientCertificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);

    public DtlsContexts()
    {
        Server = new OpenSslDtlsContext(_serverCertificate);
        Client = new OpenSslDtlsContext(_clientCertificate);
    }

    public OpenSslDtlsContext Server { get; }

    public OpenSslDtlsContext Client { get; }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        _serverCertificate.Dispose();
        _clientCertificate.Dispose();
    }
}
