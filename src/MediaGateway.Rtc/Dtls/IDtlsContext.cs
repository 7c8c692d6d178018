using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Dtls;

/// <summary>A certificate and what all endpoints share. One per process; <see cref="CreateEndpoint"/> is thread-safe.</summary>
public interface IDtlsContext : IDisposable
{
    /// <summary>SHA-256 fingerprint of our certificate, for the SDP.</summary>
    public CertificateFingerprint Fingerprint { get; }

    public IDtlsEndpoint CreateEndpoint(DtlsRole role, IDtlsSink sink, DtlsOptions options);
}
