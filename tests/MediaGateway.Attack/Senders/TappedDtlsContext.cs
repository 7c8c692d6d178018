using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Attack.Senders;

/// <summary>
/// A context whose one endpoint others can get at: what its transport sends is seen, or kept from being sent, and more is sent beside it.
/// The context beneath stays its owner's.
/// </summary>
internal sealed class TappedDtlsContext(IDtlsContext context) : IDtlsContext
{
    public TappedEndpoint? Endpoint { get; private set; }

    public CertificateFingerprint Fingerprint => context.Fingerprint;

    public IDtlsEndpoint CreateEndpoint(DtlsRole role, IDtlsSink sink, DtlsOptions options) =>
        Endpoint = new TappedEndpoint(context.CreateEndpoint(role, sink, options));

    public void Dispose()
    {
    }
}
