using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.TestClient;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>One end of a <see cref="MeetingCall"/>: offers and answers again and again over one transport, sends and records.</summary>
internal sealed class MeetingPeer : IMediaHandler, IDataHandler, IDatagramSender, IDtlsContext, IDisposable
{
    private static readonly byte[] Payload = new byte[88];

    private readonly byte[] _slot = new byte[IDatagramSender.MaxDatagram];
    private readonly SimulatedDtlsContext _dtls;
    private readonly Dictionary<RtpSender, ExtendedSequence> _next = [];

    public MeetingPeer(NetworkPath path, bool isLite, IEntropy entropy)
    {
        Path = path;
        _dtls = new SimulatedDtlsContext(entropy);
        Peer = new ClientPeer(
            new ClientPeerOptions
            {
                Clock = new NtpClock(new NtpTime(0xD000_0000_0000_0000)),
                CanonicalName = "meeting",
                Data = new Mid("data"),
                Candidates = [IceCandidate.Host(path.Remote)],
                IsLite = isLite,
                EstimatesBandwidth = isLite,
            },
            this,
            entropy);
    }

    public ClientPeer Peer { get; }

    /// <summary>Path on which the other end sees this peer.</summary>
    public NetworkPath Path { get; }

    public IceCredentials Credentials => Peer.Credentials;

    public NegotiatedSession? Session => Peer.Session;

    public PeerTransport Transport => Peer.Transport;

    public DropCounters Drops { get; } = new();

    public Queue<byte[]> Outgoing { get; } = new();

    public List<ReceivedMedia> Received { get; } = [];

    /// <summary>Data channels that the other end opened.</summary>
    public List<DataChannel> Channels { get; } = [];

    public List<(DataChannel Channel, byte[] Data)> Messages { get; } = [];

    /// <summary>The keys, for tests that look into datagrams.</summary>
    public DtlsHandshakeResult? Handshake { get; private set; }

    public CertificateFingerprint Fingerprint => _dtls.Fingerprint;

    public SessionDescription Offer(params OfferedMedia[] media) => Peer.CreateOffer([.. media]);

    public SessionDescription Answer(SessionDescription offer, Func<OfferedSection, SectionDecision> decide, MonotonicTime now)
    {
        var policy = new AnswerPolicy
        {
            Transport = Peer.Local,
            SessionId = 2,
            Direction = MediaDirection.SendReceive,
            DecideSection = decide,
            AcceptsData = true,
            MayBeIdle = true,
            RequiredKinds = [],
        };
        NegotiatedSession session = Peer.CreateAnswer(offer, policy);
        Apply(session, now);
        return session.LocalDescription;
    }

    public void Accept(SessionDescription offer, SessionDescription answer, MonotonicTime now) =>
        Apply(Peer.AcceptAnswer(offer, answer), now);

    /// <summary>One more packet in a section, with the next sequence number of its sender.</summary>
    public DropReason Send(string mid, MonotonicTime now) => Send(Transport.Rtp.FindSender(new Mid(mid))!, now);

    public DropReason Send(RtpSender sender, MonotonicTime now)
    {
        ExtendedSequence sequence = _next.GetValueOrDefault(sender, sender.InitialSequence);
        _next[sender] = sequence + 1;
        return sender.Send(HeaderOf(sender, sequence), Payload, now);
    }

    /// <summary>A packet again, as it was.</summary>
    public static DropReason Resend(RtpSender sender, ExtendedSequence sequence, MonotonicTime now) =>
        sender.Resend(HeaderOf(sender, sequence), Payload, now);

    /// <summary>Packets received in a section: the SSRC, and the sequence numbers from the first on.</summary>
    public ReceivedMedia[] ReceivedIn(string mid) => [.. Received.Where(media => media.Mid.Value == mid)];

    public void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now) =>
        Received.Add(new ReceivedMedia(receiver.Mid, packet.View.Ssrc, packet.Sequence));

    public void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
    }

    public void OnKeyFrameRequest(RtpSender sender, MonotonicTime now)
    {
    }

    public void OnDataChannelOpened(DataChannel channel, MonotonicTime now) => Channels.Add(channel);

    public void OnDataMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now) =>
        Messages.Add((channel, message.ToArray()));

    public void OnDataChannelClosed(DataChannel channel, MonotonicTime now) => Channels.Remove(channel);

    public Span<byte> Reserve() => _slot;

    public void Commit(int length, in NetworkPath path) => Outgoing.Enqueue(_slot[..length]);

    public IDtlsEndpoint CreateEndpoint(DtlsRole role, IDtlsSink sink, DtlsOptions options) =>
        _dtls.CreateEndpoint(role, new KeyRecorder(sink, result => Handshake = result), options);

    public void Dispose()
    {
        Peer.Dispose();
        _dtls.Dispose();
    }

    private void Apply(NegotiatedSession session, MonotonicTime now)
    {
        bool isFirst = Session is null;
        Peer.Apply(session, now);
        if (isFirst)
            Peer.Attach(this, this, this, Drops, now);
    }

    private static OutgoingHeader HeaderOf(RtpSender sender, ExtendedSequence sequence) =>
        new(sequence, new RtpTimestamp((uint)sequence.Value * 3000), sender.Codecs[0].PayloadType, Marker: false);

    private sealed class KeyRecorder(IDtlsSink inner, Action<DtlsHandshakeResult> record) : IDtlsSink
    {
        public void OnDtlsDatagramToSend(ReadOnlySpan<byte> datagram) => inner.OnDtlsDatagramToSend(datagram);

        public void OnDtlsConnected(DtlsHandshakeResult result, MonotonicTime now)
        {
            record(result);
            inner.OnDtlsConnected(result, now);
        }

        public void OnDtlsApplicationData(ReadOnlySpan<byte> data, MonotonicTime now) => inner.OnDtlsApplicationData(data, now);

        public void OnDtlsEnded(DtlsEndReason reason) => inner.OnDtlsEnded(reason);
    }
}
