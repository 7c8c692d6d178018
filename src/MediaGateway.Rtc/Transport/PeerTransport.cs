using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Srtp;

namespace MediaGateway.Rtc.Transport;

/// <summary>
/// ICE, DTLS, SRTP and the RTP streams of one remote peer, without I/O or clock. Created anywhere, then attached
/// to one worker, which alone calls it from then on.
/// <para><b>Order of trust: an authenticated ICE check opens a path; DTLS is heard only from such a path; the peer's
/// certificate must match the SDP before keys are used; only authenticated SRTP changes any state.</b></para>
/// </summary>
public sealed class PeerTransport : IDtlsSink, ISctpSink, IDisposable
{
    private readonly ImmutableArray<CertificateFingerprint> _remoteFingerprints;
    private readonly IEntropy _entropy;
    private readonly DtlsRole _role;
    private readonly IDtlsEndpoint _dtls;

    private IDatagramSender? _datagrams;
    private IDataHandler? _data;
    private DropCounters? _drops;
    private NetworkPath _dtlsPath;

    public PeerTransport(PeerTransportOptions options, NegotiatedSession session, IDtlsContext dtls, IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(dtls);
        ArgumentNullException.ThrowIfNull(entropy);
        Ice = new IceAgent(options.LocalIce, options.Ice, options.IceRole, entropy);
        Ice.SetRemote(new IceCredentials(session.Ice.UsernameFragment, session.Ice.Password));
        _remoteFingerprints = session.RemoteFingerprints;
        _entropy = entropy;
        _role = session.LocalDtlsRole;
        _dtls = dtls.CreateEndpoint(_role, this, options.Dtls);
        Rtp = new RtpSession(options.Rtp, session.Media, entropy);
        CreateAssociation(session.Data);
    }

    public IceAgent Ice { get; }

    public PeerTransportState State { get; private set; }

    public PeerCloseReason CloseReason { get; private set; }

    /// <summary>
    /// Session of the RTP that is received and sent. A caller that asks it for a key frame reads <see cref="NextDeadline"/> afterwards.
    /// </summary>
    public RtpSession Rtp { get; }

    /// <summary>
    /// The data channels; null without a section for them. Whoever uses it asks for <see cref="NextDeadline"/> afterwards.
    /// </summary>
    public SctpAssociation? Sctp { get; private set; }

    /// <summary>Latest time at which <see cref="OnTimeout"/> is to be called.</summary>
    public MonotonicTime NextDeadline
    {
        get
        {
            if (State == PeerTransportState.Closed)
                return MonotonicTime.Never;
            MonotonicTime next = MonotonicTime.Min(Ice.NextDeadline, _dtls.NextTimeout);
            if (State != PeerTransportState.Connected)
                return next;
            next = MonotonicTime.Min(next, Rtp.NextDeadline);
            return Sctp is null ? next : MonotonicTime.Min(next, Sctp.NextDeadline);
        }
    }

    /// <summary>Hands the transport over to a worker.</summary>
    /// <param name="datagrams">The worker's outgoing batch.</param>
    /// <param name="media">Where media goes.</param>
    /// <param name="data">Where messages on data channels go; null for an owner that has no use for them.</param>
    /// <param name="drops">The worker's drop counters.</param>
    /// <param name="now">The time from which ICE has to connect.</param>
    public void Attach(IDatagramSender datagrams, IMediaHandler media, IDataHandler? data, DropCounters drops, MonotonicTime now)
    {
        _datagrams = datagrams;
        _data = data;
        _drops = drops;
        Rtp.Attach(datagrams, media);
        Ice.Start(now);
    }

    /// <summary>
    /// Takes over a later negotiation, section by section. A receiver stays, with its streams and counters, while its section
    /// is received with the same codecs, encodings and header extensions; a sender while its section has the same SSRC.
    /// The others end, those we sent with a BYE, and new ones begin. The owner compares the receivers and
    /// senders with what it had and, before it sends again, plans anew for a sender whose codecs or extensions
    /// changed. An ICE restart is not part of it: that is <see cref="IceAgent.Restart"/>. Without effect once closed.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A bug of the caller, and nothing has changed: other fingerprints or the other role, both of which the negotiation
    /// refuses when told what is established; or a new sender under an SSRC that was in use on this transport.
    /// </exception>
    public void Update(NegotiatedSession session, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (State == PeerTransportState.Closed)
            return;
        if (session.LocalDtlsRole != _role || !session.RemoteFingerprints.ToHashSet().SetEquals(_remoteFingerprints))
            throw new ArgumentException("The DTLS association of a living transport stays.", nameof(session));
        Rtp.Update(session.Media, now);
        if (CreateAssociation(session.Data) && State == PeerTransportState.Connected)
            Sctp!.Start(now);
    }

    /// <summary>
    /// A STUN datagram whose USERNAME names this peer. Returns true when it was authenticated: the path is then this
    /// peer's, and other datagrams from it may be handed to <see cref="OnDatagram"/>.
    /// </summary>
    public bool OnStun(ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        if (State == PeerTransportState.Closed || _datagrams is null)
            return false;
        Span<byte> slot = _datagrams.Reserve();
        IceCheck check = Ice.OnStun(datagram, path, now, slot);
        if (check.Drop != DropReason.None)
        {
            _drops?.Count(check.Drop);
            return false;
        }
        if (check.ResponseLength > 0)
            _datagrams.Commit(check.ResponseLength, path);
        Rtp.SetPath(Ice.SelectedPath.GetValueOrDefault(), now);
        if (!Ice.IsValidPath(path))
            return false;
        if (State == PeerTransportState.New)
        {
            State = PeerTransportState.Connecting;
            _dtlsPath = path;
            _dtls.Start(now);
        }
        return true;
    }

    /// <summary>A datagram that is not STUN, from a path that this peer has proven.</summary>
    public void OnDatagram(Span<byte> datagram, DatagramKind kind, in NetworkPath path, MonotonicTime now)
    {
        if (State == PeerTransportState.Closed)
            return;
        DropReason reason = kind switch
        {
            DatagramKind.Rtp => Rtp.OnRtp(datagram, now),
            DatagramKind.Rtcp => Rtp.OnRtcp(datagram, now),
            DatagramKind.Dtls => OnDtls(datagram, path, now),
            _ => DropReason.UnknownProtocol,
        };
        if (reason != DropReason.None)
            _drops?.Count(reason);
    }

    /// <summary>
    /// A path has closed, as a connection does: what is sent goes along the best of the others from now on. Drain
    /// <see cref="IceAgent.TryTakeRemovedPath"/> afterwards.
    /// </summary>
    public void OnPathClosed(in NetworkPath path, MonotonicTime now)
    {
        if (_dtlsPath == path)
            _dtlsPath = default;
        Ice.OnPathClosed(path, now);
        Rtp.SetPath(Ice.SelectedPath.GetValueOrDefault(), now);
    }

    /// <summary>
    /// The process stood still for a time in which it neither heard nor sent anything. Consent, the first check and the handshake have the
    /// time that they had left before, so that a remote which is still there can answer (RFC 7675 section 5.1 is about sending).
    /// </summary>
    public void OnStandstill(TimeSpan time, MonotonicTime now)
    {
        Ice.OnStandstill(time, now);
        _dtls.OnStandstill(time, now);
    }

    public void OnTimeout(MonotonicTime now)
    {
        if (State == PeerTransportState.Closed)
            return;
        Ice.OnTimeout(now);
        if (Ice.Role != IceRole.ControlledLite)
            SendChecks(now);
        Rtp.SetPath(Ice.SelectedPath.GetValueOrDefault(), now);
        if (Ice.State == IceState.Failed)
        {
            Close(State == PeerTransportState.New ? PeerCloseReason.IceTimeout : PeerCloseReason.ConsentExpired, now);
            return;
        }
        if (_dtls.NextTimeout <= now)
            _dtls.OnTimeout(now);
        if (State == PeerTransportState.Connected)
            Rtp.OnTimeout(now);
        if (State == PeerTransportState.Connected && Sctp is not null && Sctp.NextDeadline <= now)
            Sctp.OnTimeout(now);
    }

    /// <summary>
    /// Says goodbye (SCTP ABORT, RTCP BYE, DTLS close_notify) where it can, and ends. Idempotent: the first reason stays.
    /// </summary>
    public void Close(PeerCloseReason reason, MonotonicTime now)
    {
        if (State == PeerTransportState.Closed)
            return;
        if (State == PeerTransportState.Connected)
        {
            Sctp?.Close(now);
            Rtp.WriteGoodbye();
        }
        End(reason);
        _dtls.Close(now);
    }

    /// <summary>Ends without a word to the remote: after a bug nothing in here is to be relied on.</summary>
    public void Abandon()
    {
        End(PeerCloseReason.InternalError);
    }

    public void Dispose()
    {
        _dtls.Dispose();
        Rtp.Dispose();
    }

    void IDtlsSink.OnDtlsDatagramToSend(ReadOnlySpan<byte> datagram)
    {
        // Before nomination the path that DTLS came on is the better guess: the provisional one is only the first checked.
        NetworkPath path = Ice.IsNominated ? Ice.SelectedPath.GetValueOrDefault() : _dtlsPath;
        if (_datagrams is null || path.IsNone || datagram.Length > IDatagramSender.MaxDatagram)
            return;
        datagram.CopyTo(_datagrams.Reserve());
        _datagrams.Commit(datagram.Length, path);
    }

    void IDtlsSink.OnDtlsConnected(DtlsHandshakeResult result, MonotonicTime now)
    {
        // RFC 8122 section 6.2: the certificate must be the one the SDP promised, before any key is used.
        if (!_remoteFingerprints.Any(fingerprint => fingerprint.Matches(result.PeerCertificate)))
        {
            End(PeerCloseReason.FingerprintMismatch);
            return;
        }
        State = PeerTransportState.Connected;
        Rtp.Open(new SrtpMasterKeys(result.Profile, result.LocalKey, result.LocalSalt, result.RemoteKey, result.RemoteSalt), now);
        Sctp?.Start(now);
    }

    void IDtlsSink.OnDtlsApplicationData(ReadOnlySpan<byte> data, MonotonicTime now)
    {
        if (State != PeerTransportState.Connected)
            return;
        DropReason reason = Sctp?.OnPacket(data, now) ?? DropReason.UnknownStream;
        if (reason != DropReason.None)
            _drops?.Count(reason);
    }

    void IDtlsSink.OnDtlsEnded(DtlsEndReason reason)
    {
        if (State == PeerTransportState.Closed)
            return;
        End(reason switch
        {
            DtlsEndReason.ClosedByPeer => PeerCloseReason.ClosedByPeer,
            DtlsEndReason.HandshakeTimeout => PeerCloseReason.DtlsTimeout,
            DtlsEndReason.NoSrtpProfile => PeerCloseReason.NoSrtpProfile,
            _ => PeerCloseReason.DtlsFailed,
        });
    }

    bool ISctpSink.SendPacket(ReadOnlySpan<byte> packet, MonotonicTime now) => State == PeerTransportState.Connected
        && _dtls.TrySend(packet, now);

    void ISctpSink.OnAssociationUp(MonotonicTime now)
    {
    }

    void ISctpSink.OnAssociationEnded(SctpEndReason reason, MonotonicTime now)
    {
        // Its channels have been closed one by one; media goes on without them.
    }

    void ISctpSink.OnChannelOpened(DataChannel channel, MonotonicTime now) => _data?.OnDataChannelOpened(channel, now);

    void ISctpSink.OnMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now) =>
        _data?.OnDataMessage(channel, kind, message, now);

    void ISctpSink.OnChannelClosed(DataChannel channel, MonotonicTime now) => _data?.OnDataChannelClosed(channel, now);

    void ISctpSink.OnBufferedAmountLow(DataChannel channel, MonotonicTime now) => _data?.OnDataChannelDrained(channel, now);

    private void End(PeerCloseReason reason)
    {
        CloseReason = reason;
        State = PeerTransportState.Closed;
        Rtp.Outlet.Close();
    }

    private void SendChecks(MonotonicTime now)
    {
        while (_datagrams is not null && Ice.TryWriteCheck(_datagrams.Reserve(), now, out int length, out NetworkPath path))
            _datagrams.Commit(length, path);
    }

    /// <summary>One association for the life of the transport, from the first negotiation that has a section for it.</summary>
    private bool CreateAssociation(NegotiatedData? data)
    {
        if (data is null || Sctp is not null)
            return false;
        var options = new SctpOptions
        {
            LocalPort = NegotiationDefaults.SctpPort,
            RemotePort = (ushort)data.RemotePort,
            IsDtlsClient = _role == DtlsRole.Client,
            MaxMessageSize = NegotiationDefaults.MaxMessageSize,
            RemoteMaxMessageSize = data.RemoteMaxMessageSize,
        };
        Sctp = new SctpAssociation(options, this, _entropy);
        return true;
    }

    private DropReason OnDtls(ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        if (!Ice.IsValidPath(path))
            return DropReason.DtlsBeforeIce;
        _dtlsPath = path;
        return _dtls.OnDatagram(datagram, now);
    }
}
