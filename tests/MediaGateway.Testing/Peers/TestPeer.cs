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
using MediaGateway.TestClient;

namespace MediaGateway.Testing.Peers;

/// <summary>
/// A client in virtual time: the gateway's own transport, with a controlling ICE client before it. It makes an offer,
/// takes the answer, and then runs on whatever drives an <see cref="IDatapathHandler"/>.
/// </summary>
public abstract class TestPeer : IDatapathHandler, IMediaHandler, IDisposable
{
    // That of its own agent's checks: the type preference of a peer-reflexive candidate, the best local preference, component 1.
    private const uint Priority = 0x6EFF_FFFF;

    private readonly ClientPeer _peer;
    private readonly SessionDescription _offer;

    protected TestPeer(
        IDatagramSender datagrams,
        IDtlsContext dtls,
        IEntropy entropy,
        TestPeerMedia media,
        IceOptions? ice = null)
    {
        ArgumentNullException.ThrowIfNull(media);
        Entropy = entropy;
        Datagrams = datagrams;
        var options = new ClientPeerOptions
        {
            Clock = new NtpClock(new NtpTime(0xD000_0000_0000_0000)),
            Ice = ice ?? ClientPeerOptions.OnePathIce,
            FeedbackInterval = media.FeedbackInterval,
        };
        _peer = new ClientPeer(options, dtls, entropy);
        VideoSources = [.. media.Rids.Select(_ => new LocalSource(DrawSsrc(), DrawSsrc(), "test", "stream", "1"))];
        _offer = CreateOffer(media);
    }

    public string Offer => _offer.ToString();

    public PeerTransport Transport => _peer.Transport;

    public PeerTransportState State => _peer.State;

    public IceCredentials Credentials => _peer.Credentials;

    protected IEntropy Entropy { get; }

    protected IDatagramSender Datagrams { get; }

    /// <summary>Sources of the simulcast encodings that are sent, in the order of their RIDs; empty without simulcast.</summary>
    protected ImmutableArray<LocalSource> VideoSources { get; }

    /// <summary>Takes the gateway's answer and begins to check its address.</summary>
    public void Accept(string answer, TransportAddress gateway, MonotonicTime now)
    {
        NegotiatedSession session = _peer.AcceptAnswer(_offer, ClientPeer.Parse(answer));
        if (!VideoSources.IsEmpty)
            session = session with { Media = [.. session.Media.SelectMany(WithEncodings)] };
        _peer.Apply(session, now);
        _peer.AddRemoteCandidate(gateway);
        _peer.Attach(Datagrams, this, data: null, new DropCounters(), now);
    }

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, MonotonicTime now) => _peer.OnDatagram(datagram, path, now);

    public MonotonicTime OnTick(MonotonicTime now)
    {
        _peer.OnTimeout(now);
        MonotonicTime media = _peer.IsConnected ? OnMediaTick(now) : MonotonicTime.Never;
        return MonotonicTime.Min(_peer.NextDeadline, media);
    }

    /// <summary>An authentic check of this peer, for sending from where it should not come.</summary>
    public byte[] WriteCheck()
    {
        byte[] check = new byte[TestIceClient.MaxCheckLength];
        var ice = new TestIceClient(Credentials, _peer.RemoteCredentials!, Entropy, Priority);
        return check[..ice.WriteCheckAs(check, Credentials, _peer.RemoteCredentials!, nominate: true)];
    }

    public void Close(MonotonicTime now) => _peer.Close(now);

    public void Dispose()
    {
        _peer.Dispose();
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

    private IEnumerable<NegotiatedMedia> WithEncodings(NegotiatedMedia media) =>
        media.Kind == MediaKind.Video ? SimulcastOffer.Expand(media, VideoSources) : [media];

    private SessionDescription CreateOffer(TestPeerMedia media)
    {
        RtcpFeedbackKinds arrivals = media.FeedbackInterval is null ? RtcpFeedbackKinds.None : RtcpFeedbackKinds.TransportCc;
        var audio = new RtpCodec(CodecKind.Opus, new PayloadType(111), 48_000, 2, "minptime=10;useinbandfec=1", null, arrivals);
        RtcpFeedbackKinds maximum = media.HasMaximum ? RtcpFeedbackKinds.Remb : RtcpFeedbackKinds.None;
        ImmutableArray<RtpCodec> video = [.. media.VideoCodecs.Select(kind => new RtpCodec(
            kind, default, 90_000, 1, ParametersOf(kind), media.Retransmission ? new PayloadType(97)
            : null, RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli | arrivals | maximum))];
        OfferedMedia picture = Section("1", MediaKind.Video, media.Direction, video);
        if (!media.Rids.IsEmpty)
        {
            picture = picture with
            {
                Extensions = [HeaderExtensionKind.Mid, HeaderExtensionKind.RtpStreamId, HeaderExtensionKind.RepairedRtpStreamId],
                Source = null,
            };
        }
        if (media.HasMaximum)
            picture = picture with { Extensions = [.. picture.Extensions, HeaderExtensionKind.AbsoluteSendTime] };
        OfferedMedia[] sections = [Section("0", MediaKind.Audio, media.Direction, [audio]), picture];
        if (media.FeedbackInterval is not null)
        {
            sections = [.. sections.Select(section => section with
            {
                Extensions = [.. section.Extensions, HeaderExtensionKind.TransportSequenceNumber],
            })];
        }
        SessionDescription offer = _peer.CreateOffer([.. sections]);
        return media.Rids.IsEmpty ? offer : ClientPeer.Parse(SimulcastOffer.AddTo(offer.ToString(), picture.Mid, "1", media.Rids));
    }

    private OfferedMedia Section(string mid, MediaKind kind, MediaDirection direction, ImmutableArray<RtpCodec> codecs) => new()
    {
        Mid = new Mid(mid),
        Kind = kind,
        Direction = direction,
        Codecs = codecs,
        Extensions = [HeaderExtensionKind.Mid],
        Source = direction == MediaDirection.Send
            ? new LocalSource(DrawSsrc(), kind == MediaKind.Video ? DrawSsrc() : null, "test", "stream", mid) : null,
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
