using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Transport;

/// <summary>
/// ICE, DTLS, SRTP and the RTP streams of one remote peer, without I/O or clock. Created anywhere, then attached
/// to one worker, which alone calls it from then on.
/// <para><b>Order of trust: an authenticated ICE check opens a path; DTLS is heard only from such a path; the peer's
/// certificate must match the SDP before keys are used; only authenticated SRTP changes any state.</b></para>
/// </summary>
public sealed class PeerTransport : IDtlsSink, ISctpSink, IDisposable
{
    /// <summary>
    /// How many sources a remote may have over time, since SRTP forgets none: each track that is published anew brings up
    /// to six (three encodings, each with retransmission).
    /// </summary>
    private const int MaxRemoteSources = 1024;

    private readonly ImmutableArray<CertificateFingerprint> _remoteFingerprints;
    private readonly IEntropy _entropy;
    private readonly DtlsRole _role;
    private readonly IDtlsEndpoint _dtls;
    private readonly PacketOutlet _outlet = new();
    private readonly SsrcTable _streams = new();
    private readonly SenderTable _senders;
    private readonly RtcpSession _rtcp;

    private IDatagramSender? _datagrams;
    private IMediaHandler? _media;
    private IDataHandler? _data;
    private DropCounters? _drops;
    private SrtpSender? _srtpSender;
    private SrtpReceiver? _srtpReceiver;
    private NetworkPath _dtlsPath;
    private MonotonicTime _now;

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
        _senders = new SenderTable(_outlet, entropy);
        _senders.Check(session.Media);
        _senders.Update(session.Media);
        _streams.Update(session.Media);
        _rtcp = new RtcpSession(options.Rtp, session, _outlet, _streams, _senders, entropy);
        ApplyData(session.Data);
    }

    public IceAgent Ice { get; }

    public PeerTransportState State { get; private set; }

    public PeerCloseReason CloseReason { get; private set; }

    public IReadOnlyList<RtpReceiver> Receivers => _streams.Receivers;

    public IReadOnlyList<RtpSender> Senders => _senders.Senders;

    /// <summary>Our clock against the remote's, from its sender reports.</summary>
    public RemoteClock RemoteClock => _rtcp.RemoteClock;

    /// <summary>The data channels; null without a section for them. Whoever uses it asks for <see cref="NextDeadline"/> afterwards.</summary>
    public SctpAssociation? Sctp { get; private set; }

    /// <summary>The way out, once connected.</summary>
    internal PacketOutlet Outlet => _outlet;

    /// <summary>When <see cref="OnTimeout"/> wants to be called at the latest.</summary>
    public MonotonicTime NextDeadline
    {
        get
        {
            if (State == PeerTransportState.Closed)
                return MonotonicTime.Never;
            MonotonicTime next = MonotonicTime.Min(Ice.NextDeadline, _dtls.NextTimeout);
            if (State != PeerTransportState.Connected)
                return next;
            next = MonotonicTime.Min(next, _rtcp.NextDeadline);
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
        _media = media;
        _data = data;
        _drops = drops;
        _outlet.Attach(datagrams);
        Ice.Start(now);
    }

    /// <summary>The receiver of a section; null when nothing is received in it.</summary>
    public RtpReceiver? FindReceiver(Mid mid) => _streams.Find(mid);

    /// <summary>The sender of a section; null when nothing is sent in it.</summary>
    public RtpSender? FindSender(Mid mid) => _senders.Find(mid);

    /// <summary>
    /// Takes over a later negotiation, section by section. A receiver stays, with its streams and counters, while its section
    /// is received with the same codecs, encodings and header extensions; a sender while its section has the same SSRC.
    /// The others end, those we sent with a BYE, and new ones begin. The owner compares <see cref="Receivers"/> and
    /// <see cref="Senders"/> with what it had and, before it sends again, plans anew for a sender whose codecs or extensions
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
        _senders.Check(session.Media);
        _now = now;
        List<RtpSender> removed = _senders.Update(session.Media);
        _streams.Update(session.Media);
        _rtcp.Update(session, now);
        if (State == PeerTransportState.Connected)
            _rtcp.WriteGoodbye(removed);
        ApplyData(session.Data);
    }

    /// <summary>
    /// A STUN datagram whose USERNAME names this peer. Returns true when it was authenticated: the path is then this
    /// peer's, and other datagrams from it may be handed to <see cref="OnDatagram"/>.
    /// </summary>
    public bool OnStun(ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        if (State == PeerTransportState.Closed || _datagrams is null)
            return false;
        _now = now;
        Span<byte> slot = _datagrams.Reserve();
        IceCheck check = Ice.OnStun(datagram, path, now, slot);
        if (check.Drop != DropReason.None)
        {
            _drops?.Count(check.Drop);
            return false;
        }
        if (check.ResponseLength > 0)
            _datagrams.Commit(check.ResponseLength, path);
        _outlet.SetPath(Ice.SelectedPath.GetValueOrDefault());
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
        _now = now;
        DropReason reason = kind switch
        {
            DatagramKind.Rtp => OnRtp(datagram, now),
            DatagramKind.Rtcp => OnRtcp(datagram, now),
            DatagramKind.Dtls => OnDtls(datagram, path, now),
            _ => DropReason.UnknownProtocol,
        };
        if (reason != DropReason.None)
            _drops?.Count(reason);
    }

    public void OnTimeout(MonotonicTime now)
    {
        if (State == PeerTransportState.Closed)
            return;
        _now = now;
        Ice.OnTimeout(now);
        if (Ice.Role != IceRole.ControlledLite)
            SendChecks(now);
        _outlet.SetPath(Ice.SelectedPath.GetValueOrDefault());
        if (Ice.State == IceState.Failed)
        {
            Close(State == PeerTransportState.New ? PeerCloseReason.IceTimeout : PeerCloseReason.ConsentExpired, now);
            return;
        }
        if (_dtls.NextTimeout <= now)
            _dtls.OnTimeout(now);
        if (State == PeerTransportState.Connected && _rtcp.NextDeadline <= now)
            _rtcp.OnTimeout(now);
        if (State == PeerTransportState.Connected && Sctp is not null && Sctp.NextDeadline <= now)
            Sctp.OnTimeout(now);
    }

    /// <summary>Says goodbye (SCTP ABORT, RTCP BYE, DTLS close_notify) where it can, and ends. Idempotent: the first reason stays.</summary>
    public void Close(PeerCloseReason reason, MonotonicTime now)
    {
        if (State == PeerTransportState.Closed)
            return;
        _now = now;
        if (State == PeerTransportState.Connected)
        {
            Sctp?.Close(now);
            _rtcp.WriteGoodbye();
        }
        End(reason);
        _dtls.Close(now);
    }

    /// <summary>Ends without a word to the remote: after a bug nothing in here is to be relied on.</summary>
    public void Abandon()
    {
        End(PeerCloseReason.InternalError);
    }

    /// <summary>Asks the publisher for a key frame of one encoding; throttled there.</summary>
    public void RequestKeyFrame(RtpReceiveStream stream, MonotonicTime now)
    {
        stream.RequestKeyFrame(now);
        _rtcp.OnStreamDeadline(stream);
    }

    public void Dispose()
    {
        _dtls.Dispose();
        _srtpSender?.Dispose();
        _srtpReceiver?.Dispose();
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

    void IDtlsSink.OnDtlsConnected(DtlsHandshakeResult result)
    {
        // RFC 8122 section 6.2: the certificate must be the one the SDP promised, before any key is used.
        if (!_remoteFingerprints.Any(fingerprint => fingerprint.Matches(result.PeerCertificate)))
        {
            End(PeerCloseReason.FingerprintMismatch);
            return;
        }
        _srtpSender = new SrtpSender(result.Profile, result.LocalKey, result.LocalSalt);
        _srtpReceiver = new SrtpReceiver(result.Profile, result.RemoteKey, result.RemoteSalt, MaxRemoteSources);
        _outlet.Open(_srtpSender);
        State = PeerTransportState.Connected;
        _rtcp.Start(_now);
        Sctp?.Start(_now);
    }

    void IDtlsSink.OnDtlsApplicationData(ReadOnlySpan<byte> data)
    {
        if (State != PeerTransportState.Connected)
            return;
        DropReason reason = Sctp?.OnPacket(data, _now) ?? DropReason.UnknownStream;
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

    bool ISctpSink.SendPacket(ReadOnlySpan<byte> packet) => State == PeerTransportState.Connected && _dtls.TrySend(packet, _now);

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
        _outlet.Close();
    }

    private void SendChecks(MonotonicTime now)
    {
        while (_datagrams is not null && Ice.TryWriteCheck(_datagrams.Reserve(), now, out int length, out NetworkPath path))
            _datagrams.Commit(length, path);
    }

    /// <summary>One association for the life of the transport, from the first negotiation that has a section for it.</summary>
    private void ApplyData(NegotiatedData? data)
    {
        if (data is null || Sctp is not null)
            return;
        var options = new SctpOptions
        {
            LocalPort = NegotiationDefaults.SctpPort,
            RemotePort = (ushort)data.RemotePort,
            IsDtlsClient = _role == DtlsRole.Client,
            MaxMessageSize = NegotiationDefaults.MaxMessageSize,
            RemoteMaxMessageSize = data.RemoteMaxMessageSize,
        };
        Sctp = new SctpAssociation(options, this, _entropy);
        if (State == PeerTransportState.Connected)
            Sctp.Start(_now);
    }

    private DropReason OnDtls(ReadOnlySpan<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        if (!Ice.IsValidPath(path))
            return DropReason.DtlsBeforeIce;
        _dtlsPath = path;
        return _dtls.OnDatagram(datagram, now);
    }

    private DropReason OnRtp(Span<byte> datagram, MonotonicTime now)
    {
        if (_srtpReceiver is null)
            return DropReason.NoKeys;
        if (!RtpHeader.TryParse(datagram, out RtpHeader header))
            return DropReason.Malformed;
        DropReason reason = _srtpReceiver.UnprotectRtp(datagram, header, out int length, out ExtendedSequence index);
        if (reason != DropReason.None)
            return reason;
        Span<byte> packet = datagram[..length];
        if (!RtpPacketView.TryParse(packet, header, out RtpPacketView view))
            return DropReason.Malformed;
        if (view.PaddingLength > 0)
        {
            // Whoever keeps the packet reads it again: then the header must not speak of padding that is gone.
            packet = RtpPacketRestorer.RemovePadding(packet, view.PaddingLength);
            if (!RtpPacketView.TryParse(packet, out view))
                return DropReason.Malformed;
        }
        if (!_streams.TryGet(header.Ssrc, out StreamBinding? binding))
            binding = _streams.Bind(view);
        if (binding is null)
            return DropReason.UnknownStream;
        byte transportSequenceId = binding.Receiver.Extensions.IdOf(HeaderExtensionKind.TransportSequenceNumber);
        if (view.TryGetExtension(transportSequenceId, out ReadOnlySpan<byte> transportSequence) && transportSequence.Length >= 2)
            _rtcp.OnTransportSequence(transportSequence, header.Ssrc, now);
        return binding.IsRetransmission
            ? OnRetransmission(binding, packet, view, now)
            : OnMedia(binding, packet, view, index, now);
    }

    private DropReason OnMedia(StreamBinding binding, ReadOnlySpan<byte> packet, in RtpPacketView view, ExtendedSequence index, MonotonicTime now)
    {
        RtpCodec? codec = binding.Receiver.CodecOf(view.PayloadType);
        if (codec is null)
            return DropReason.UnknownPayloadType;
        RtpReceiveStream stream = binding.Stream;
        bool isNew = stream.OnPacket(index, view.Timestamp, view.Payload.Length, now);
        _rtcp.OnStreamDeadline(stream);
        return isNew ? Deliver(binding, codec, index, packet, view, now) : DropReason.DuplicateOrOld;
    }

    /// <summary>
    /// RFC 4588 section 4: the original sequence number stands before the original payload. Moving the header over it
    /// makes the original packet again.
    /// </summary>
    private DropReason OnRetransmission(StreamBinding binding, Span<byte> packet, in RtpPacketView view, MonotonicTime now)
    {
        const int OriginalSequenceLength = 2;
        RtpReceiveStream stream = binding.Stream;
        if (view.Payload.Length <= OriginalSequenceLength)
            return DropReason.EmptyPadding;
        if (binding.Receiver.RetransmittedCodecOf(view.PayloadType) is not { } codec)
            return DropReason.UnknownPayloadType;
        int headerLength = view.PayloadOffset;
        var original = new SequenceNumber((ushort)(packet[headerLength] << 8 | packet[headerLength + 1]));
        if (stream.Ssrc is not { } ssrc || !stream.OnRetransmission(original, now, out ExtendedSequence sequence))
            return DropReason.DuplicateOrOld;
        packet[..headerLength].CopyTo(packet[OriginalSequenceLength..]);
        Span<byte> restored = packet[OriginalSequenceLength..];
        RtpPacketRestorer.Restore(restored, codec.PayloadType, original, ssrc);
        return RtpPacketView.TryParse(restored, out RtpPacketView restoredView)
            ? Deliver(binding, codec, sequence, restored, restoredView, now)
            : DropReason.Malformed;
    }

    private DropReason Deliver(StreamBinding binding, RtpCodec codec, ExtendedSequence sequence, ReadOnlySpan<byte> packet, RtpPacketView view, MonotonicTime now)
    {
        var media = new MediaPacket(binding.Stream, codec, sequence, packet, view);
        _media!.OnMedia(binding.Receiver, media, now);
        return view.Payload.IsEmpty ? DropReason.EmptyPadding : DropReason.None;
    }

    private DropReason OnRtcp(Span<byte> datagram, MonotonicTime now)
    {
        if (_srtpReceiver is null)
            return DropReason.NoKeys;
        DropReason reason = _srtpReceiver.UnprotectRtcp(datagram, out int length);
        return reason == DropReason.None ? _rtcp.OnCompound(datagram[..length], _media!, now) : reason;
    }
}
