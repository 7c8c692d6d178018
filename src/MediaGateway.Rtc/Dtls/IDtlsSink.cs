using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Dtls;

/// <summary>Called synchronously from inside the endpoint's own calls; spans are valid only for the call.</summary>
public interface IDtlsSink
{
    public void OnDtlsDatagramToSend(ReadOnlySpan<byte> datagram);

    public void OnDtlsConnected(DtlsHandshakeResult result, MonotonicTime now);

    /// <summary>Decrypted application data: SCTP packets (RFC 8261).</summary>
    public void OnDtlsApplicationData(ReadOnlySpan<byte> data, MonotonicTime now);

    /// <summary>Called once; the endpoint stays safe to call and does nothing more.</summary>
    public void OnDtlsEnded(DtlsEndReason reason);
}
