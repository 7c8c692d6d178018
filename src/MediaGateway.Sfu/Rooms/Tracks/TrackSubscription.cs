using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// One participant's reception of one track: wanted first, then given a media section, then forwarded. A subscription
/// that has ended is never revived; the same track is subscribed to anew.
/// </summary>
internal sealed class TrackSubscription : ISubscriptionOwner
{
    /// <summary>Time after the last word for which somebody counts as a speaker: turns in a conversation are shorter.</summary>
    private static readonly TimeSpan SpeakerTime = TimeSpan.FromSeconds(10);

    private const int HighestPriority = 1;

    private ParticipantPeer? _peer;

    public TrackSubscription(Participant subscriber, TrackPublication track, LocalSource source)
    {
        Subscriber = subscriber;
        Track = track;
        Source = source;
    }

    public Participant Subscriber { get; }

    public TrackPublication Track { get; }

    /// <summary>Stream and SSRCs that our descriptions give it; no other subscription ever has the same SSRCs.</summary>
    public LocalSource Source { get; }

    /// <summary>Media section that carries it; null while it waits for one.</summary>
    public Mid? Mid { get; set; }

    public bool IsEnded { get; private set; }

    /// <summary>Settings that the subscriber asked for.</summary>
    public TrackSettings Settings { get; private set; } = TrackSettings.Default;

    /// <summary>The subscriber's settings within the track's limits.</summary>
    public TrackSettings LimitedSettings => Track.Limit(Settings, Subscriber);

    /// <summary>Subscription to the track's publication; null before the section is negotiated.</summary>
    public Subscription? Subscription { get; private set; }

    /// <summary>Why the track is not sent, as the client was last notified; null when it has never been.</summary>
    public LimitCause? NotifiedPause { get; private set; }

    /// <summary>Size of the picture that is sent, pixels, as the publisher declared it; zeros when it did not, or none is sent.</summary>
    public (int Width, int Height) SentSize => Subscription?.Layers is { } layers ? Track.Layers.SizeOf(layers) : default;

    /// <summary>Measures what the subscriber is sent.</summary>
    public SubscriptionStats Measure()
    {
        var stats = new SubscriptionStats
        {
            Track = Track.Sid,
            Publisher = Track.Publisher.Identity,
            Subscriber = Subscriber.Identity,
            IsBound = Subscription is not null,
            RequestedQuality = Track.Layers.QualityOf(Settings),
            Limits = Track.LimitsOf(Subscriber.Identity),
        };
        return Subscription is null ? stats : stats with
        {
            Layers = Subscription.Layers,
            Size = SentSize,
            LimitedBy = Subscription.Limit.Cause,
            IsPaused = Subscription.IsWithheld,
            PacketsSent = Subscription.Sender.Stream.PacketsSent,
            BytesSent = Subscription.Sender.Stream.PayloadBytesSent,
            PacketsLost = Subscription.Sender.Stream.PacketsLost,
            FractionLost = Subscription.Sender.Stream.FractionLost,
            Jitter = Subscription.Sender.Stream.Jitter,
            RoundTrip = Subscription.Sender.Stream.RoundTrip,
            PacketsResent = Subscription.Sender.Stream.PacketsResent,
        };
    }

    public void Apply(TrackSettings settings, MonotonicTime now)
    {
        Settings = settings;
        OnLimitsChanged(now);
        Track.OnDemandChanged(now);
    }

    public void OnLimitsChanged(MonotonicTime now)
    {
        Subscription?.SetLimit(new LayerLimit(Track.Layers.WishOf(Settings), LimitCause.Wish), now);
        Subscription?.SetLimit(new LayerLimit(Track.MaxLayersFor(Subscriber), LimitCause.Director), now);
    }

    /// <summary>Starts forwarding in a section that was negotiated; media flows from the next key frame on.</summary>
    public void Start(ParticipantPeer peer, RtpSender sender, MonotonicTime now)
    {
        if (IsEnded || Subscription?.Sender == sender)
            return;
        _peer = peer;
        Subscription = peer.Downlink.Add(sender, this, now);
        OnLimitsChanged(now);
        Subscription.SetSource(Track.Publication, now);
    }

    /// <summary>
    /// Tells whether the client has to be notified of <see cref="NotifiedPause"/> now: of pauses that neither it nor the application asked
    /// for.
    /// </summary>
    public bool TakeState()
    {
        LimitCause pause = Subscription is { IsWithheld: true } ? Subscription.Limit.Cause : LimitCause.None;
        if (pause == (NotifiedPause ?? LimitCause.None))
            return false;
        NotifiedPause = pause;
        return true;
    }

    /// <summary>The track has another publication from now on: its section was negotiated anew.</summary>
    public void OnPublicationChanged(MonotonicTime now) => Subscription?.SetSource(Track.Publication, now);

    public VideoImportance ImportanceAt(MonotonicTime now)
    {
        if (Track.Info.Source == TrackSource.ScreenShare)
            return VideoImportance.Screen;
        if (Settings.Priority == HighestPriority || now - Track.Publisher.LastSpoke <= SpeakerTime)
            return VideoImportance.Speaker;
        return Settings.Priority > HighestPriority || Track.Layers.QualityOf(LimitedSettings) == VideoQuality.Low
            ? VideoImportance.Thumbnail
            : VideoImportance.Camera;
    }

    int ISubscriptionOwner.Priority => Settings.Priority;

    int ISubscriptionOwner.Size => (int)Math.Clamp((long)Settings.Width * Settings.Height, 0, int.MaxValue);

    public void End(MonotonicTime now)
    {
        if (IsEnded)
            return;
        IsEnded = true;
        if (Subscription is not null)
            _peer!.Downlink.Remove(Subscription, now);
    }
}
