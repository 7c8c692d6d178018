using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.Rooms;

/// <summary>
/// One participant's reception of one track: wanted first, then given a media section, then forwarded. A subscription
/// that has ended is never revived; the same track is subscribed to anew.
/// </summary>
internal sealed class TrackSubscription
{
    private ParticipantPeer? _peer;

    public TrackSubscription(Participant subscriber, TrackPublication track, LocalSource source)
    {
        Subscriber = subscriber;
        Track = track;
        Source = source;
    }

    public Participant Subscriber { get; }

    public TrackPublication Track { get; }

    /// <summary>What our descriptions say about it; its SSRCs are its own for ever.</summary>
    public LocalSource Source { get; }

    /// <summary>The section that carries it; null while it waits for one.</summary>
    public Mid? Mid { get; set; }

    public bool IsEnded { get; private set; }

    /// <summary>What the subscriber asked for.</summary>
    public TrackSettings Settings { get; private set; } = TrackSettings.Default;

    /// <summary>What of it the track's limits leave.</summary>
    public TrackSettings LimitedSettings => Track.Limit(Settings, Subscriber);

    /// <summary>What is forwarded; null before the section is negotiated.</summary>
    public Subscription? Media { get; private set; }

    /// <summary>Its numbers.</summary>
    public SubscriptionStats Measure()
    {
        var stats = new SubscriptionStats
        {
            Track = Track.Sid,
            Publisher = Track.Publisher.Identity,
            Subscriber = Subscriber.Identity,
            IsBound = Media is not null,
            RequestedQuality = Track.Layers.QualityOf(Settings),
            Limits = Track.LimitsOf(Subscriber.Identity),
        };
        return Media is null ? stats : stats with
        {
            Layers = Media.Layers,
            PacketsSent = Media.Sender.Stream.PacketsSent,
            BytesSent = Media.Sender.Stream.PayloadBytesSent,
            PacketsLost = Media.Sender.Stream.PacketsLost,
            FractionLost = Media.Sender.Stream.FractionLost,
            Jitter = Media.Sender.Stream.Jitter,
            RoundTrip = Media.Sender.Stream.RoundTrip,
            PacketsResent = Media.Sender.Stream.PacketsResent,
        };
    }

    public void Apply(TrackSettings settings, MonotonicTime now)
    {
        Settings = settings;
        OnLimitsChanged(now);
        Track.OnDemandChanged(now);
    }

    public void OnLimitsChanged(MonotonicTime now) => Media?.SetPreference(Track.Layers.PreferenceOf(LimitedSettings), now);

    /// <summary>The section is negotiated: media flows from the next key frame on.</summary>
    public void Start(ParticipantPeer peer, RtpSender sender, MonotonicTime now)
    {
        if (IsEnded || Media?.Sender == sender)
            return;
        _peer = peer;
        Media = peer.Subscribe(sender);
        Media.SetPreference(Track.Layers.PreferenceOf(LimitedSettings), now);
        Media.SetSource(Track.Media, now);
    }

    /// <summary>The publisher's media is another object from now on (its section was negotiated anew).</summary>
    public void OnSourceChanged(MonotonicTime now) => Media?.SetSource(Track.Media, now);

    public void End(MonotonicTime now)
    {
        if (IsEnded)
            return;
        IsEnded = true;
        if (Media is null)
            return;
        Media.SetSource(null, now);
        _peer!.Remove(Media);
    }
}
