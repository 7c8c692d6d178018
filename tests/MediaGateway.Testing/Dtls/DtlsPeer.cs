using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Dtls;

/// <summary>A DTLS endpoint and a record of all that it told its sink.</summary>
public sealed class DtlsPeer : IDtlsSink, IDisposable
{
    public DtlsPeer(IDtlsContext context, DtlsRole role, DtlsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        Role = role;
        Endpoint = context.CreateEndpoint(role, this, options ?? new DtlsOptions());
    }

    public DtlsRole Role { get; }

    public IDtlsEndpoint Endpoint { get; }

    public DtlsHandshakeResult? Result { get; private set; }

    public DtlsEndReason? Ended { get; private set; }

    public int EndedCount { get; private set; }

    /// <summary>Every datagram sent since the start, or since the list was cleared.</summary>
    public List<byte[]> Sent { get; } = [];

    public List<byte[]> Received { get; } = [];

    /// <summary>Called with each datagram sent, after it was recorded.</summary>
    public Action<byte[]>? OnSend { get; set; }

    public Action? OnConnected { get; set; }

    public Action<byte[]>? OnReceived { get; set; }

    public void OnDtlsDatagramToSend(ReadOnlySpan<byte> datagram)
    {
        byte[] copy = datagram.ToArray();
        Sent.Add(copy);
        OnSend?.Invoke(copy);
    }

    public void OnDtlsConnected(DtlsHandshakeResult result, MonotonicTime now)
    {
        Result = result;
        OnConnected?.Invoke();
    }

    public void OnDtlsApplicationData(ReadOnlySpan<byte> data, MonotonicTime now)
    {
        byte[] copy = data.ToArray();
        Received.Add(copy);
        OnReceived?.Invoke(copy);
    }

    public void OnDtlsEnded(DtlsEndReason reason)
    {
        Ended = reason;
        EndedCount++;
    }

    public void Dispose() => Endpoint.Dispose();
}
