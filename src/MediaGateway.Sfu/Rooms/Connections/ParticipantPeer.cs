using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms.Connections;

/// <summary>One media connection of a participant: media sections up, media sections down, data channels.</summary>
internal sealed class ParticipantPeer : Peer, IDataHandler
{
    private readonly Participant _participant;
    private readonly Dictionary<RtpSender, Subscription> _subscriptions = [];
    private ParticipantTrack[] _tracks = [];

    public ParticipantPeer(PeerId id, PeerTransport transport, Participant participant)
        : base(id, transport) => _participant = participant;

    protected override IDataHandler? DataHandler => this;

    public void Add(ParticipantTrack track) => _tracks = [.. _tracks, track];

    public void Remove(ParticipantTrack track) => _tracks = [.. _tracks.Where(other => other != track)];

    /// <summary>Makes the subscription that is served on a section from now on.</summary>
    public Subscription Subscribe(RtpSender sender)
    {
        var subscription = new Subscription(Id, sender, Context.Media, sender.Kind == MediaKind.Video ? Context.Shedding.NextPlace() : 0);
        _subscriptions[sender] = subscription;
        return subscription;
    }

    /// <summary>Leaves out of a video what the worker has no time for, and takes it back. True when that changed what is sent.</summary>
    public bool Shed(Subscription subscription, VideoImportance importance, MonotonicTime now) =>
        subscription.SetCap(Context.Shedding.CapOf(importance, subscription.Place), now);

    public void Remove(Subscription subscription) => _subscriptions.Remove(subscription.Sender);

    public override void OnMedia(RtpReceiver receiver, in MediaPacket packet, MonotonicTime now)
    {
        foreach (ParticipantTrack track in _tracks)
        {
            if (track.Publication?.Receiver != receiver)
                continue;
            track.OnPacket(packet, now, Context.Media);
            return;
        }
        // Its AddTrackRequest is still on its way, or was refused.
        Context.Drops.Count(DropReason.NoSubscribers);
    }

    public override void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now)
    {
        if (_subscriptions.TryGetValue(sender, out Subscription? subscription))
            subscription.OnNack(lost, now);
    }

    public override void OnKeyFrameRequest(RtpSender sender, MonotonicTime now)
    {
        if (_subscriptions.TryGetValue(sender, out Subscription? subscription))
            subscription.RequestKeyFrame(now);
    }

    public void OnDataChannelOpened(DataChannel channel, MonotonicTime now) => _participant.Data.OnOpened(this, channel);

    public void OnDataMessage(DataChannel channel, DataMessageKind kind, ReadOnlySpan<byte> message, MonotonicTime now) =>
        _participant.Data.OnMessage(channel, kind, message, now);

    public void OnDataChannelClosed(DataChannel channel, MonotonicTime now) => _participant.Data.OnClosed(channel, now);

    protected override void OnConnected(MonotonicTime now)
    {
        // A key frame that came before the keys did was not sent to this participant.
        foreach (Subscription subscription in _subscriptions.Values)
            subscription.RequestKeyFrame(now);
        _participant.OnConnected(this, now);
    }

    protected internal override void OnRemoved(PeerCloseReason reason, MonotonicTime now) => _participant.OnConnectionClosed(reason, now);
}
