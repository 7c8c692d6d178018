using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.TestClient;

namespace MediaGateway.LoadTester.Clients;

/// <summary>Publishes made-up tracks, answers requests for key frames and sends again what got lost on the way up.</summary>
internal sealed class PublisherPeer : LoadPeer, IPublisher, IPacketOutput, IFrameSource
{
    private readonly IReadOnlyList<PublishedTrack> _settings;
    private readonly SessionDescription _offer;
    private readonly List<(SyntheticTrack Track, RtpSender Sender)> _tracks = [];
    private readonly PeerSetup _setup;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientLoop? _loop;
    private ushort _transportSequence;

    public PublisherPeer(PeerSetup setup, IReadOnlyList<PublishedTrack> tracks)
        : base(setup)
    {
        _setup = setup;
        _settings = tracks;
        SessionDescription offer = Peer.CreateOffer([.. tracks.Select((track, index) => OfferedTracks.ToSend(track.Settings, index))]);
        _offer = OfferedTracks.WithSimulcast(offer, tracks, setup.OffersHighestFirst);
    }

    public string Offer => _offer.ToString();

    public Task Connected => _connected.Task;

    public long PacketsSent => _tracks.Sum(entry => entry.Track.PacketsSent);

    public MonotonicTime NextFrame { get; private set; } = MonotonicTime.Never;

    public void AcceptAnswer(string answer) =>
        Negotiate(OfferedTracks.WithEncodings(Peer.AcceptAnswer(_offer, ClientPeer.Parse(answer)), _settings));

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
        NextFrame = MonotonicTime.Never;
        foreach ((SyntheticTrack track, RtpSender sender) in _tracks)
        {
            if (track.NextPacket <= now)
            {
                track.Send(this, now);
                sender.Timing = new SenderTiming(_setup.Clock.NtpClock.At(track.Newest.Due), track.Newest.Timestamp);
            }
            NextFrame = MonotonicTime.Min(NextFrame, track.NextPacket);
        }
    }

    public bool TryReserve(out Span<byte> slot) => Transport.Rtp.Outlet.TryReserve(out slot);

    public ushort NextTransportSequence() => ++_transportSequence;

    public void Send(Span<byte> slot, int length, int headerLength, Ssrc ssrc, ExtendedSequence index) =>
        Transport.Rtp.Outlet.Commit(slot, length, headerLength, ssrc, index);

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
    }

    public override void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => TrackOf(sender)?.RequestKeyFrame();

    public override void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now) => TrackOf(sender)?.Resend(this, lost);

    protected override void OnConnected(MonotonicTime now)
    {
        for (int i = 0; i < _settings.Count; i++)
        {
            IReadOnlyList<TrackSettings> parts = _settings[i].Settings.Parts;
            for (int encoding = 0; encoding < parts.Count; encoding++)
            {
                RtpSender sender = Transport.Rtp.Senders[_tracks.Count];
                var wiring =
                    new TrackWiring(_settings[i].SourceOf(encoding), sender, parts.Count == 1 ? null : OfferedTracks.RidOf(encoding));
                _tracks.Add((new SyntheticTrack(parts[encoding], wiring, _settings[i].FirstFrame(now)), sender));
            }
        }
        NextFrame = now;
        _loop!.Add(this);
        _connected.TrySetResult();
    }

    private SyntheticTrack? TrackOf(RtpSender sender) => _tracks.Find(entry => entry.Sender == sender).Track;
}
