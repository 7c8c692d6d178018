using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.LoadTester.Clients;

/// <summary>Publishes made-up tracks, answers requests for key frames and sends again what got lost on the way up.</summary>
internal sealed class PublisherPeer : LoadPeer, IPublisher, IPacketOutput, IFrameSource
{
    private readonly IReadOnlyList<PublishedTrack> _settings;
    private readonly SessionDescription _offer;
    private readonly List<SyntheticTrack> _tracks = [];
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientLoop? _loop;
    private NegotiatedSession? _session;
    private ushort _transportSequence;

    public PublisherPeer(PeerSetup setup, IReadOnlyList<PublishedTrack> tracks)
        : base(setup)
    {
        _settings = tracks;
        _offer = SessionNegotiator.CreateOffer(new OfferPolicy
        {
            Transport = LocalTransport,
            SessionId = 1,
            Media = [.. tracks.Select((track, index) => OfferedTracks.ToSend(track.Settings, index))],
        });
    }

    public string Offer => _offer.ToString();

    public Task Connected => _connected.Task;

    public long PacketsSent => _tracks.Sum(track => track.PacketsSent);

    public MonotonicTime NextFrame => _tracks.Count == 0 ? MonotonicTime.Never : _tracks.Min(track => track.NextPacket);

    public void AcceptAnswer(string answer)
    {
        _session = OfferedTracks.Accept(_offer, answer);
        Negotiate(_session);
    }

    public override void Attach(ClientLoop loop, MonotonicTime now)
    {
        _loop = loop;
        base.Attach(loop, now);
    }

    public override void Detach(MonotonicTime now)
    {
        _loop?.Remove(this);
        _loop = null;
        base.Detach(now);
    }

    public void SendFrame(MonotonicTime now)
    {
        foreach (SyntheticTrack track in _tracks)
        {
            if (track.NextPacket <= now)
                track.Send(this, now);
        }
    }

    public bool TryReserve(out Span<byte> slot) => Transport.TryReserve(out slot);

    public ushort NextTransportSequence() => ++_transportSequence;

    public void Send(Span<byte> slot, int length, int headerLength, Ssrc ssrc, ExtendedSequence index) =>
        Transport.ProtectAndCommit(slot, length, headerLength, ssrc, index);

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
    }

    public override void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => TrackOf(sender)?.RequestKeyFrame();

    public override void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now) => TrackOf(sender)?.Resend(this, lost);

    protected override void OnConnected(MonotonicTime now)
    {
        for (int i = 0; i < Transport.Senders.Count; i++)
        {
            var wiring = new TrackWiring(_settings[i].Source, Transport.Senders[i]);
            // Tracks of one publisher do not send in the same instant.
            _tracks.Add(new SyntheticTrack(_settings[i].Settings, wiring, now + TimeSpan.FromMilliseconds(3 * i)));
        }
        _loop!.Add(this);
        _connected.TrySetResult();
    }

    private SyntheticTrack? TrackOf(RtpSender sender) => _tracks.Find(track => track.Ssrc == sender.Stream.Ssrc);
}
