using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;

namespace MediaGateway.Rtc.Transport;

/// <summary>The data channels of one peer: an SCTP association in the records of its DTLS connection (RFC 8261).</summary>
internal sealed class DataSession : ISctpSink
{
    /// <summary>What a peer may leave unread.</summary>
    private const int SendBufferLimit = 4 * 1024 * 1024;

    private readonly IDtlsEndpoint _dtls;
    private readonly IPeerTransportHandler _handler;
    private MonotonicTime _now;

    public DataSession(NegotiatedData data, DtlsRole role, IDtlsEndpoint dtls, IPeerTransportHandler handler, IEntropy entropy)
    {
        _dtls = dtls;
        _handler = handler;
        var options = new SctpOptions
        {
            IsDtlsClient = role == DtlsRole.Client,
            RemotePort = (ushort)data.RemotePort,
            RemoteMaxMessageSize = data.RemoteMaxMessageSize,
            SendBufferLimit = SendBufferLimit,
        };
        Association = new SctpAssociation(options, this, entropy);
    }

    public SctpAssociation Association { get; }

    public MonotonicTime NextDeadline => Association.NextDeadline;

    public void Start(MonotonicTime now)
    {
        _now = now;
        Association.Start(now);
    }

    public DropReason OnPacket(ReadOnlySpan<byte> packet, MonotonicTime now)
    {
        _now = now;
        return Association.OnPacket(packet, now);
    }

    public void OnTimeout(MonotonicTime now)
    {
        _now = now;
        Association.OnTimeout(now);
    }

    /// <summary>Takes note of the time of a call that is about to be made to the association itself.</summary>
    public SctpAssociation At(MonotonicTime now)
    {
        _now = now;
        return Association;
    }

    bool ISctpSink.SendPacket(ReadOnlySpan<byte> packet) => _dtls.TrySend(packet, _now);

    void ISctpSink.OnAssociationUp(MonotonicTime now)
    {
    }

    void ISctpSink.OnAssociationEnded(SctpEndReason reason, MonotonicTime now)
    {
    }

    void ISctpSink.OnChannelOpened(DataChannel channel, MonotonicTime now) => _handler.OnDataChannelOpened(channel, now);

    void ISctpSink.OnMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now) =>
        _handler.OnDataMessage(channel, kind, message, now);

    void ISctpSink.OnChannelClosed(DataChannel channel, MonotonicTime now) => _handler.OnDataChannelClosed(channel, now);

    void ISctpSink.OnBufferedAmountLow(DataChannel channel, MonotonicTime now) => _handler.OnDataChannelDrained(channel, now);
}
