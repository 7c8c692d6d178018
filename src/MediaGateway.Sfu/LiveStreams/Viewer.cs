using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A peer that watches a live stream: what is on air, or one of its sources.</summary>
public sealed class Viewer : Peer, ISubscriptionOwner
{
    private Subscription[] _subscriptions = [];

    public Viewer(PeerId id, PeerTransport transport)
        : base(id, transport)
    {
    }

    public IReadOnlyList<Subscription> Subscriptions => _subscriptions;

    /// <summary>The part of the stream that it watches; set when it is taken in.</summary>
    public ViewTarget Target { get; internal set; } = ViewTarget.Program;

    internal LiveStream? Stream { get; set; }

    /// <summary>The stream that it watches, when that lives on another worker; null otherwise.</summary>
    internal LiveStreamMirror? Mirror { get; set; }

    internal string SourceId => Target.SourceId;

    /// <summary>Takes picture and sound from these publications from now on; null for none.</summary>
    internal void Show(SourcePublications? video, SourcePublications? audio, MonotonicTime now)
    {
        Prepare(now);
        foreach (Subscription subscription in _subscriptions)
            subscription.SetSource((subscription.Kind == MediaKind.Video ? video : audio)?.For(subscription), now);
    }

    internal void SetAudio(SourcePublications? audio, MonotonicTime now)
    {
        Prepare(now);
        foreach (Subscription subscription in _subscriptions)
        {
            if (subscription.Kind == MediaKind.Audio)
                subscription.SetSource(audio?.For(subscription), now);
        }
    }

    /// <summary>Takes its picture from these publications from the next key frame on; until then what it sees goes on.</summary>
    internal void SwitchTo(in SourcePublications video, MonotonicTime now)
    {
        Prepare(now);
        foreach (Subscription subscription in _subscriptions)
        {
            if (subscription.Kind != MediaKind.Video)
                continue;
            if (video.For(subscription) is { } publication)
                subscription.SwitchTo(publication, now);
            else
                subscription.SetSource(null, now);
        }
    }

    /// <summary>Ends what it was switched away from, whether the next source's key frame has come or not.</summary>
    internal void Settle()
    {
        foreach (Subscription subscription in _subscriptions)
            subscription.Leave();
    }

    VideoImportance ISubscriptionOwner.ImportanceAt(MonotonicTime now) => VideoImportance.Program;

    protected internal override void OnRemoved(PeerCloseReason reason, MonotonicTime now)
    {
        Stream?.Remove(this, now);
        Mirror?.Remove(this, now);
    }

    private void Prepare(MonotonicTime now)
    {
        if (_subscriptions.Length > 0)
            return;
        _subscriptions = [.. Transport.Rtp.Senders.Select(sender => Downlink.Add(sender, this, now))];
        foreach (Subscription subscription in _subscriptions)
            subscription.SetLimit(new LayerLimit(Target.Wish, LimitCause.Wish), now);
    }
}
