using System.Runtime.CompilerServices;
using MediaGateway.Platform.Interop;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// One DTLS connection: record filter, libssl, retransmission timer and handshake deadline. Each call feeds libssl,
/// hands what it wrote to the sink, then what it read; the sink may call back (send, close, dispose) at any point.
/// <para>
/// A server that is not connected yet survives everything but its deadline: what kills the handshake is not
/// authenticated, so the SSL is replaced and the peer's next ClientHello starts over (one forged ClientHello must not
/// end a session; CVE-2023-49786 and its kin). It does so silently, because an alert would end the real peer's side.
/// </para>
/// </summary>
[SkipLocalsInit]
internal sealed unsafe class OpenSslDtlsEndpoint : IDtlsEndpoint
{
    // On the stack: a flight is below 1 KB, repeated message by message below 2.
    private const int OutboxCapacity = 8192;

    // RFC 6347 section 4.1: the most one record can hold.
    private const int MaxRecordContent = 16384;

    private readonly IDtlsSink _sink;
    private readonly OpenSslConnectionSettings _settings;
    private readonly RetransmissionTimer _timer;

    private OpenSslConnection _connection;
    private DtlsRecordFilter _filter;
    private MonotonicTime _deadline = MonotonicTime.Never;

    internal OpenSslDtlsEndpoint(SafeSslContextHandle context, IDtlsSink sink, OpenSslConnectionSettings settings)
    {
        _sink = sink;
        _settings = settings;
        _timer = new RetransmissionTimer(settings.Options, settings.Clock);
        _filter = new DtlsRecordFilter(settings.Role);
        _connection = new OpenSslConnection(context, settings);
    }

    public DtlsState State { get; private set; } = DtlsState.New;

    public MonotonicTime NextTimeout =>
        State == DtlsState.Handshaking ? MonotonicTime.Min(_deadline, _timer.Due) : MonotonicTime.Never;

    private DtlsRole Role => _settings.Role;

    private bool HasEnded => State is DtlsState.Closed or DtlsState.Failed;

    public void Start(MonotonicTime now)
    {
        if (State != DtlsState.New || Role == DtlsRole.Server)
            return;
        BeginHandshake(now);
        byte* outbox = stackalloc byte[OutboxCapacity];
        using OpenSslCall call = _connection.Enter(outbox, OutboxCapacity);
        Handshake(call, [], now);
    }

    public DropReason OnDatagram(ReadOnlySpan<byte> datagram, MonotonicTime now)
    {
        if (HasEnded)
            return DropReason.DtlsEnded;
        if (State == DtlsState.New && Role == DtlsRole.Client)
            return DropReason.DtlsIllegalRecord;
        DropReason reason = _filter.Check(datagram);
        if (reason != DropReason.None)
            return reason;

        byte* outbox = stackalloc byte[OutboxCapacity];
        using OpenSslCall call = _connection.Enter(outbox, OutboxCapacity);
        if (State == DtlsState.New)
            BeginHandshake(now);
        if (State == DtlsState.Connected)
        {
            ReadAll(call, datagram, now);
            return DropReason.None;
        }
        return Handshake(call, datagram, now);
    }

    public void OnStandstill(TimeSpan time, MonotonicTime now)
    {
        if (!_deadline.IsNever)
            _deadline = MonotonicTime.Min(_deadline + time, now + _settings.Options.HandshakeDeadline);
    }

    public void OnTimeout(MonotonicTime now)
    {
        if (State != DtlsState.Handshaking)
            return;
        if (now >= _deadline)
        {
            End(DtlsState.Failed, DtlsEndReason.HandshakeTimeout);
            return;
        }
        if (now < _timer.Due)
            return;

        byte* outbox = stackalloc byte[OutboxCapacity];
        using OpenSslCall call = _connection.Enter(outbox, OutboxCapacity);
        OpenSslResult result = _timer.Fire(call, now);
        Flush(call);
        if (HasEnded)
            return;
        if (result == OpenSslResult.Dead)
            End(DtlsState.Failed, DtlsEndReason.HandshakeTimeout);
        else
            UpdateTimer(call, now);
    }

    public bool TrySend(ReadOnlySpan<byte> data, MonotonicTime now)
    {
        if (State != DtlsState.Connected || data.Length is 0 or > OpenSslDtlsContext.MaxApplicationData)
            return false;
        byte* outbox = stackalloc byte[OutboxCapacity];
        using OpenSslCall call = _connection.Enter(outbox, OutboxCapacity);
        OpenSslResult result = call.Write(data);
        Flush(call);
        if (result == OpenSslResult.Dead && !HasEnded)
            End(DtlsState.Failed, DtlsEndReason.ProtocolError);
        return result == OpenSslResult.Success;
    }

    public void Close(MonotonicTime now)
    {
        if (HasEnded)
            return;
        if (State == DtlsState.Connected)
            SayGoodbye();
        if (!HasEnded)
            End(DtlsState.Closed, DtlsEndReason.ClosedLocally);
    }

    /// <summary>Frees the connection without notifying the peer or the sink. Safe to repeat, and from inside a sink's callback.</summary>
    public void Dispose()
    {
        if (!HasEnded)
            State = DtlsState.Closed;
        _connection.Dispose();
    }

    private void BeginHandshake(MonotonicTime now)
    {
        State = DtlsState.Handshaking;
        _deadline = now + _settings.Options.HandshakeDeadline;
    }

    private DropReason Handshake(in OpenSslCall call, ReadOnlySpan<byte> datagram, MonotonicTime now)
    {
        OpenSslResult result = call.Handshake(datagram);
        if (result is OpenSslResult.Dead or OpenSslResult.Closed && Role == DtlsRole.Server)
        {
            StartOver(call);
            return DropReason.DtlsIllegalRecord;
        }

        Flush(call);
        if (State != DtlsState.Handshaking)
            return DropReason.None;
        switch (result)
        {
            case OpenSslResult.Success:
                Complete(call, now);
                break;
            case OpenSslResult.Waiting:
                UpdateTimer(call, now);
                break;
            default:
                End(DtlsState.Failed, DtlsEndReason.HandshakeFailed);
                break;
        }
        return DropReason.None;
    }

    private void Complete(in OpenSslCall call, MonotonicTime now)
    {
        if (call.TakeResult(Role) is not { } result)
        {
            call.Shutdown();
            Flush(call);
            if (!HasEnded)
                End(DtlsState.Failed, DtlsEndReason.NoSrtpProfile);
            return;
        }
        State = DtlsState.Connected;
        _timer.Stop();
        _filter.IsConnected = true;
        call.LendBuffers();
        _sink.OnDtlsConnected(result, now);
        // Application data may have come along with, or before, the last handshake message.
        ReadAll(call, [], now);
    }

    /// <summary>Reads application data. libssl answers a repeated last flight while reading (RFC 6347 section 4.2.4).</summary>
    private void ReadAll(in OpenSslCall call, ReadOnlySpan<byte> datagram, MonotonicTime now)
    {
        Span<byte> buffer = stackalloc byte[MaxRecordContent];
        while (State == DtlsState.Connected)
        {
            OpenSslResult result = call.Read(datagram, buffer, out int length);
            datagram = [];
            Flush(call);
            if (State != DtlsState.Connected || result == OpenSslResult.Waiting)
                return;
            switch (result)
            {
                case OpenSslResult.Success:
                    _sink.OnDtlsApplicationData(buffer[..length], now);
                    break;
                case OpenSslResult.Closed:
                    call.Shutdown();
                    Flush(call);
                    if (!HasEnded)
                        End(DtlsState.Closed, DtlsEndReason.ClosedByPeer);
                    return;
                default:
                    End(DtlsState.Failed, DtlsEndReason.ProtocolError);
                    return;
            }
        }
    }

    private void SayGoodbye()
    {
        byte* outbox = stackalloc byte[OutboxCapacity];
        using OpenSslCall call = _connection.Enter(outbox, OutboxCapacity);
        call.Shutdown();
        Flush(call);
    }

    /// <summary>Hands the outbox over. The sink may end this endpoint, or send, from inside.</summary>
    private void Flush(in OpenSslCall call)
    {
        int position = 0;
        while (!HasEnded && call.TryTakeDatagram(ref position, out ReadOnlySpan<byte> datagram))
            _sink.OnDtlsDatagramToSend(datagram);
        call.ClearOutbox();
    }

    private void UpdateTimer(in OpenSslCall call, MonotonicTime now)
    {
        if (State == DtlsState.Handshaking)
            _timer.Update(call, now);
    }

    private void StartOver(in OpenSslCall call)
    {
        _connection.Dispose();
        _connection = new OpenSslConnection(call.NewOfSameContext(), _settings);
        _filter = new DtlsRecordFilter(Role);
        _timer.Stop();
    }

    private void End(DtlsState state, DtlsEndReason reason)
    {
        State = state;
        _timer.Stop();
        _connection.Dispose();
        _sink.OnDtlsEnded(reason);
    }
}
