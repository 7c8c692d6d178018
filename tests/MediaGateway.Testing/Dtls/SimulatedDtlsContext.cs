using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Dtls;

/// <summary>
/// DTLS as the rest of the stack sees it, without cryptography: three messages, retransmitted by the virtual
/// clock, that end in the same keys on both sides. Scenarios with it are the same byte for byte for the same seed.
/// </summary>
public sealed class SimulatedDtlsContext(IEntropy entropy) : IDtlsContext
{
    private readonly byte[] _certificate = Draw(entropy);

    public CertificateFingerprint Fingerprint => CertificateFingerprint.Of(_certificate);

    public IDtlsEndpoint CreateEndpoint(DtlsRole role, IDtlsSink sink, DtlsOptions options) =>
        new SimulatedDtlsEndpoint(role, sink, options, _certificate, Draw(entropy));

    public void Dispose()
    {
    }

    private static byte[] Draw(IEntropy entropy)
    {
        byte[] bytes = new byte[32];
        entropy.Fill(bytes);
        return bytes;
    }
}
