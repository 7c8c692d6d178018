using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Dtls;

/// <summary>DTLS that never connects and only writes down which datagrams its endpoints are given, in order.</summary>
public sealed class RecordedDtlsContext : IDtlsContext
{
    public CertificateFingerprint Fingerprint { get; } = CertificateFingerprint.Of("recorded"u8);

    /// <summary>Datagrams that all endpoints have received.</summary>
    public List<byte[]> Received { get; } = [];

    public IDtlsEndpoint CreateEndpoint(DtlsRole role, IDtlsSink sink, DtlsOptions options) => new Endpoint(this);

    public void Dispose()
    {
    }

    private sealed class Endpoint(RecordedDtlsContext context) : IDtlsEndpoint
    {
        public DtlsState State => DtlsState.Handshaking;

        public MonotonicTime NextTimeout => MonotonicTime.Never;

        public void Start(MonotonicTime now)
        {
        }

        public DropReason OnDatagram(ReadOnlySpan<byte> datagram, MonotonicTime now)
        {
            context.Received.Add(datagram.ToArray());
            return DropReason.None;
        }

        public void OnStandstill(TimeSpan time, MonotonicTime now)
        {
        }

        public void OnTimeout(MonotonicTime now)
        {
        }

        public bool TrySend(ReadOnlySpan<byte> data, MonotonicTime now) => false;

        public void Close(MonotonicTime now)
        {
        }

        public void Dispose()
        {
        }
    }
}
