using System.Security.Cryptography;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Dtls;

internal sealed class SimulatedDtlsEndpoint(DtlsRole role, IDtlsSink sink, DtlsOptions options, byte[] certificate, byte[] random)
    : IDtlsEndpoint
{
    private const byte HandshakeRecord = 22;
    private const byte AlertRecord = 21;
    private const byte ApplicationRecord = 23;
    private const int MaxApplicationData = 1200;
    private const byte ClientHello = 1;
    private const byte ServerFlight = 2;
    private const byte ClientFinished = 3;
    private const int MessageLength = 2 + 32 + 32;

    private byte[]? _flight;
    private byte[]? _peer;
    private byte[] _proof = [];
    private MonotonicTime _deadline = MonotonicTime.Never;
    private MonotonicTime _retransmitAt = MonotonicTime.Never;
    private TimeSpan _interval = options.FirstRetransmission;

    public DtlsState State { get; private set; }

    public MonotonicTime NextTimeout => MonotonicTime.Min(_deadline, _retransmitAt);

    public void Start(MonotonicTime now)
    {
        State = DtlsState.Handshaking;
        _deadline = now + options.HandshakeDeadline;
        if (role == DtlsRole.Client)
            SendFlight(ClientHello, now);
    }

    public DropReason OnDatagram(ReadOnlySpan<byte> datagram, MonotonicTime now)
    {
        if (State is DtlsState.Closed or DtlsState.Failed)
            return DropReason.DtlsEnded;
        if (datagram.IsEmpty)
            return DropReason.DtlsMalformed;
        if (datagram[0] == AlertRecord && State == DtlsState.Connected && datagram[1..].SequenceEqual(_proof))
        {
            End(DtlsState.Closed, DtlsEndReason.ClosedByPeer);
            return DropReason.None;
        }
        if (datagram[0] == ApplicationRecord && State == DtlsState.Connected && datagram[1..].StartsWith(_proof))
        {
            sink.OnDtlsApplicationData(datagram[(1 + _proof.Length)..], now);
            return DropReason.None;
        }
        if (datagram.Length != MessageLength || datagram[0] != HandshakeRecord)
            return DropReason.DtlsMalformed;
        OnMessage(datagram[1], datagram[2..], now);
        return DropReason.None;
    }

    public void OnStandstill(TimeSpan time, MonotonicTime now)
    {
        if (!_deadline.IsNever)
            _deadline = MonotonicTime.Min(_deadline + time, now + options.HandshakeDeadline);
    }

    public void OnTimeout(MonotonicTime now)
    {
        if (_deadline <= now)
        {
            End(DtlsState.Failed, DtlsEndReason.HandshakeTimeout);
        }
        else if (_retransmitAt <= now && _flight is not null)
        {
            _interval = _interval * 2 > options.MaxRetransmission ? options.MaxRetransmission : _interval * 2;
            _retransmitAt = now + _interval;
            sink.OnDtlsDatagramToSend(_flight);
        }
    }

    public bool TrySend(ReadOnlySpan<byte> data, MonotonicTime now)
    {
        if (State != DtlsState.Connected || data.Length is 0 or > MaxApplicationData)
            return false;
        sink.OnDtlsDatagramToSend([ApplicationRecord, .. _proof, .. data]);
        return true;
    }

    public void Close(MonotonicTime now)
    {
        if (State == DtlsState.Connected)
            sink.OnDtlsDatagramToSend([AlertRecord, .. _proof]);
        End(DtlsState.Closed, DtlsEndReason.ClosedLocally);
    }

    public void Dispose() => _retransmitAt = _deadline = MonotonicTime.Never;

    private void OnMessage(byte type, ReadOnlySpan<byte> body, MonotonicTime now)
    {
        if (role == DtlsRole.Server && type == ClientHello && State == DtlsState.Handshaking)
        {
            _peer = body.ToArray();
            SendFlight(ServerFlight, now);
        }
        else if (role == DtlsRole.Server && type == ClientFinished && State == DtlsState.Handshaking && _peer is not null)
        {
            Connect(client: _peer, server: Body(), now);
        }
        else if (role == DtlsRole.Client && type == ServerFlight)
        {
            _peer ??= body.ToArray();
            _flight = Message(ClientFinished);
            sink.OnDtlsDatagramToSend(_flight);
            if (State == DtlsState.Handshaking)
                Connect(client: Body(), server: _peer, now);
        }
    }

    private void Connect(byte[] client, byte[] server, MonotonicTime now)
    {
        State = DtlsState.Connected;
        _retransmitAt = _deadline = MonotonicTime.Never;
        byte[] material = SHA512.HashData([.. client, .. server]);
        byte[] clientKey = material[..16], serverKey = material[16..32], clientSalt = material[32..44], serverSalt = material[44..56];
        _proof = material[56..];
        bool isClient = role == DtlsRole.Client;
        var result = new DtlsHandshakeResult(
            SrtpProfile.AeadAes128Gcm,
            isClient ? clientKey : serverKey,
            isClient ? clientSalt : serverSalt,
            isClient ? serverKey : clientKey,
            isClient ? serverSalt : clientSalt,
            _peer![..32],
            "simulated");
        sink.OnDtlsConnected(result, now);
    }

    private void End(DtlsState state, DtlsEndReason reason)
    {
        if (State is DtlsState.Closed or DtlsState.Failed)
            return;
        State = state;
        _retransmitAt = _deadline = MonotonicTime.Never;
        sink.OnDtlsEnded(reason);
    }

    private void SendFlight(byte type, MonotonicTime now)
    {
        _flight = Message(type);
        _retransmitAt = now + _interval;
        sink.OnDtlsDatagramToSend(_flight);
    }

    private byte[] Body() => [.. certificate, .. random];

    private byte[] Message(byte type) => [HandshakeRecord, type, .. certificate, .. random];
}
