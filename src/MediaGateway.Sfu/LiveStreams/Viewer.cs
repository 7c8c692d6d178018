using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A peer that watches a live stream.</summary>
public sealed class Viewer : Peer
{
    private Subscription[] _subscriptions = [];

    public Viewer(PeerId id, PeerTransport transport)
        : base(id, transport)
    {
    }

    public IReadOnlyList<Subscription> Subscriptions => _subscriptions;

    internal LiveStream? Stream { get; set; }

    /// <summary>Takes its media from this publisher from now on; null for none.</summary>
    internal void SetSource(Publisher? publisher, MonotonicTime now)
    {
        if (_subscriptions.Length == 0)
            _subscriptions = [.. Transport.Senders.Select(sender => new Subscription(sender, Context.Clock, Context.Drops))];
        foreach (Subscription subscription in _subscriptions)
            subscription.SetSource(publisher?.Find(subscription.Kind), now);
    }

    public override void OnNack(RtpSender sender, SequenceNumber lost, MonotonicTime now) => Find(sender)?.OnNack(lost, now);

    public override void OnKeyFrameRequest(RtpSender sender, MonotonicTime now) => Find(sender)?.RequestKeyFrame(now);

    protected override void OnConnected(MonotonicTime now)
    {
        // A key frame that came before the keys did was not sent to this viewer.
        foreach (Subscription subscription in _subscriptions)
            subscription.RequestKeyFrame(now);
    }

    private Subscription? Find(RtpSender sender)
    {
        foreach (Subscription subscription in _subscriptions)
        {
            if (subscription.Sender == sender)
                return subscription;
        }
        return null;
    }
}
