using System.Collections.Immutable;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Testing.Peers;

/// <summary>
/// A client in virtual time: the gateway's own transport, with a controlling ICE client before it. It makes an offer,
/// takes the answer, and then runs on whatever drives an <see cref="IDatapathHandler"/>.
/// </summary>
public abstract class TestPeer : IDatapathHandler, IMediaHandler, IDisposable
{
    private const uint Priority = 2_130_706_431;

    private readonly IDtlsContext _dtls;
    private readonly IceCredentials _credentials;
    private readonly SessionDescription _offer;
    private TestIceClient? _ice;
    private NetworkPath _gateway;
    private IceCredentials? _remote;
    private PeerTransport? _transport;

    protected TestPeer(
        IDatagramSender datagrams, IDtlsContext dtls, IEntropy entropy, MediaDirection direction, ImmutableArray<CodecKind> videoCodecs, bool retransmission = true)
    {
        _dtls = dtls;
        Entropy = entropy;
        Datagrams = new WithoutStunAnswers(datagrams);
        _credentials = IceCredentials.Create(entropy);
        _offer = CreateOffer(direction, videoCodecs, retransmission);
    }

    public string Offer => _offer.ToString();

    public PeerTransport Transport => _transport ?? throw new InvalidOperationException("Accept the answer first.");

    public PeerTransportState State => _transport?.State ?? PeerTransportState.New;

    public IceCredentials Credentials => _credentials;

    protected IEntropy Entropy { get; }

    protected IDatagramSender Datagrams { get; }

    /// <summary>Takes the gateway's answer and begins to check its address.</summary>
    public void Accept(string answer, TransportAddress gateway, MonotonicTime now)
    {
        if (!SessionDescription.TryParse(answer, SdpLimits.Default, out SessionDescription? description, out SdpError? parseError))
            throw new InvalidOperationException(parseError!.ToString());
        if (!SessionNegotiator.TryAcceptAnswer(_offer, description!, out NegotiatedSession? session, out NegotiationError? error))
            throw new InvalidOperationException(error.ToString());
        _gateway = new NetworkPath(0, gateway);
        _remote = new IceCredentials(session.Ice.UsernameFragment, session.Ice.Password);
        _ice = new TestIceClient(_credentials, _remote, Entropy, Priority);
        var rtp = new RtpSessionOptions { Clock = new NtpClock(new NtpTime(0xD000_0000_0000_0000)), CanonicalName = "test" };
        var options = new PeerTransportOptions { LocalIce = _credentials, Rtp = rtp };
        _transport = new PeerTransport(options, session, _dtls, Entropy);
        _transport.Attach(Datagrams, this, data: null, new DropCounters(), now);
    }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now)
    {
        DatagramKind kind = DatagramClassifier.Classify(datagram);
        if (kind != DatagramKind.Stun)
            _transport?.OnDatagram(datagram, kind, path, now);
        else if (_ice?.OnResponse(datagram) == true)
            TellPath(now);
    }

    public MonotonicTime OnTick(MonotonicTime now)
    {
        if (_ice is null || _transport is null || State == PeerTransportState.Closed)
            return MonotonicTime.Never;
        if (_ice.NextCheck <= now)
            Datagrams.Commit(_ice.WriteCheck(Datagrams.Reserve(), nominate: true, now), _gateway);
        if (_transport.NextDeadline <= now)
            _transport.OnTimeout(now);
        MonotonicTime media = State == PeerTransportState.Connected ? OnMediaTick(now) : MonotonicTime.Never;
        return MonotonicTime.Min(MonotonicTime.Min(_ice.NextCheck, _transport.NextDeadline), media);
    }

    /// <summary>An authentic check of this peer, for sending from where it should not come.</summary>
    public byte[] WriteCheck()
    {
        byte[] check = new byte[TestIceClient.MaxCheckLength];
        int length = _ice!.WriteCheckAs(check, _credentials, _remote!, nominate: true);
        return check[..length];
    }

    public void Close(MonotonicTime now) => _transport?.Close(PeerCloseReason.ClosedByPeer, now);

    public void Dispose()
    {
        _transport?.Dispose();
        GC.SuppressFinalize(this);
    }

    public virtual void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
    }

    public virtual void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
    }

    public virtual void OnKeyFrameRequest(RtpSender sender, MonotonicTime now)
    {
    }

    /// <summary>Sends what is due; returns when it wants to be called again.</summary>
    protected virtual MonotonicTime OnMediaTick(MonotonicTime now) => MonotonicTime.Never;

    /// <summary>
    /// Our transport's ICE agent is a lite one, which never sends first: a check in the gateway's name tells it
    /// that the path is good.
    /// </summary>
    private void TellPath(MonotonicTime now)
    {
        Span<byte> check = stackalloc byte[TestIceClient.MaxCheckLength];
        int length = _ice!.WriteCheckAs(check, _remote!, _credentials, nominate: true);
        Transport.OnStun(check[..length], _gateway, now);
    }

    private SessionDescription CreateOffer(MediaDirection direction, ImmutableArray<CodecKind> videoCodecs, bool retransmission)
    {
        var audio = new RtpCodec(CodecKind.Opus, new PayloadType(111), 48_000, 2, "minptime=10;useinbandfec=1", null, RtcpFeedbackKinds.None);
        ImmutableArray<RtpCodec> video = [.. videoCodecs.Select(kind => new RtpCodec(
            kind, default, 90_000, 1, ParametersOf(kind), retransmission ? new PayloadType(97) : null, RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli))];
        ImmutableArray<OfferedMedia> media =
        [
            Section("0", MediaKind.Audio, direction, [audio]),
            Section("1", MediaKind.Video, direction, video),
        ];
        return SessionNegotiator.CreateOffer(new OfferPolicy
        {
            Transport = new LocalTransport(_credentials.UsernameFragment, _credentials.Password, _dtls.Fingerprint, []) { IsIceLite = false },
            SessionId = 1,
            Media = media,
        });
    }

    private OfferedMedia Section(string mid, MediaKind kind, MediaDirection direction, ImmutableArray<RtpCodec> codecs) => new()
    {
        Mid = new Mid(mid),
        Kind = kind,
        Direction = direction,
        Codecs = codecs,
        Extensions = [HeaderExtensionKind.Mid],
        Source = direction == MediaDirection.Send ? new LocalSource(DrawSsrc(), kind == MediaKind.Video ? DrawSsrc() : null, "test", "stream", mid) : null,
    };

    private Ssrc DrawSsrc()
    {
        Span<byte> bytes = stackalloc byte[4];
        Entropy.Fill(bytes);
        return new Ssrc(BitConverter.ToUInt32(bytes) | 1);
    }

    private static string ParametersOf(CodecKind kind) =>
        kind == CodecKind.H264 ? "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f" : "";
}
