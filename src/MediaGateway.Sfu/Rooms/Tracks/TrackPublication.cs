using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Speakers;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// A member's track that others can subscribe to: what is told of it, who receives it, and what is limited. Its media come from a
/// <see cref="ParticipantTrack"/>'s own media section, or from wherever the original of a <see cref="RemoteTrack"/> is.
/// </summary>
public abstract class TrackPublication
{
    /// <summary>The most subscribers with limits of their own.</summary>
    private const int MaxLimited = 10_000;

    private readonly List<TrackSubscription> _subscriptions = [];
    private readonly LayerDemand _demand = new();
    private readonly Dictionary<string, TrackLimits> _limitsOf = new(StringComparer.Ordinal);
    private bool _everSubscribed;

    /// <summary>Number of holders beside subscribers that want the track at its best.</summary>
    private int _holds;

    private protected TrackPublication(RoomMember publisher, TrackInfo info)
    {
        Publisher = publisher;
        Info = info;
        Layers = new TrackLayers(info.Layers);
        Level = info.Kind == MediaKind.Audio ? publisher.Room.Speakers.AddMeter(publisher) : null;
    }

    public RoomMember Publisher { get; }

    public TrackInfo Info { get; private protected set; }

    public TrackSid Sid => Info.Sid;

    public MediaKind Kind => Info.Kind;

    /// <summary>Limits for every subscriber.</summary>
    public TrackLimits Limits { get; private set; } = TrackLimits.None;

    /// <summary>True when there are media to subscribe to: the track was announced and negotiated, and has not ended.</summary>
    public bool IsPublished => Publication is not null;

    /// <summary>True when packets ought to come: the track is not muted, and somebody watches.</summary>
    internal bool IsMediaExpected => IsPublished && !Info.Muted && (Kind == MediaKind.Audio || _demand.IsWanted);

    /// <summary>The publication that subscribers are sent; null before it is negotiated and after the end.</summary>
    internal Publication? Publication { get; private set; }

    internal TrackLayers Layers { get; private protected set; }

    /// <summary>Meter of how loud the track is; null for video.</summary>
    internal AudioLevelMeter? Level { get; }

    internal IReadOnlyList<TrackSubscription> Subscriptions => _subscriptions;

    /// <summary>Asks the publisher for a key frame of the best encoding; does nothing for audio.</summary>
    public void RequestKeyFrame(MonotonicTime now) => Publication?.RequestKeyFrame(now);

    /// <summary>Measures what has come of the track.</summary>
    public PublicationStats Measure(MonotonicTime now) => new(
        Publisher.Identity,
        Info,
        [.. (Publication?.Encodings ?? []).OfType<PublishedEncoding>().Select(encoding => Measure(encoding, now))],
        Publication?.SpatialLayerCount ?? 0,
        _subscriptions.Count,
        Limits);

    /// <summary>Limits what is forwarded, to everybody or to one subscriber, who need not be there.</summary>
    /// <param name="identity">Identity of the subscriber; empty for everybody.</param>
    /// <param name="limits">Limits from now on; <see cref="TrackLimits.None"/> lifts them.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when as many subscribers have limits of their own as may.</returns>
    public bool SetLimits(string identity, TrackLimits limits, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (identity.Length == 0)
            Limits = limits;
        else if (limits == TrackLimits.None)
            _limitsOf.Remove(identity);
        else if (_limitsOf.Count >= MaxLimited && !_limitsOf.ContainsKey(identity))
            return false;
        else
            _limitsOf[identity] = limits;
        foreach (TrackSubscription subscription in _subscriptions)
            subscription.OnLimitsChanged(now);
        OnDemandChanged(now);
        return true;
    }

    internal TrackLimits LimitsOf(string identity) => _limitsOf.GetValueOrDefault(identity, TrackLimits.None);

    /// <summary>The highest layers that the application lets a subscriber have.</summary>
    internal MaxLayers MaxLayersFor(Participant subscriber) =>
        Layers.MaxLayersOf(Limits).Within(Layers.MaxLayersOf(LimitsOf(subscriber.Identity)));

    internal TrackSettings Limit(TrackSettings settings, Participant subscriber) =>
        Layers.Limit(Layers.Limit(settings, Limits), LimitsOf(subscriber.Identity));

    internal void Add(TrackSubscription subscription, MonotonicTime now)
    {
        _subscriptions.Add(subscription);
        OnWanted(now);
    }

    internal void Remove(TrackSubscription subscription, MonotonicTime now)
    {
        _subscriptions.Remove(subscription);
        OnDemandChanged(now);
    }

    /// <summary>Something other than a participant wants the track at its best, as a live stream does.</summary>
    internal void Hold(MonotonicTime now)
    {
        _holds++;
        OnWanted(now);
    }

    /// <summary>Ends a <see cref="Hold"/>; after the track has ended, too.</summary>
    internal void Release(MonotonicTime now)
    {
        _holds--;
        OnDemandChanged(now);
    }

    /// <summary>Tells the publisher which layers are watched, when that has changed.</summary>
    internal void OnDemandChanged(MonotonicTime now)
    {
        if (Kind != MediaKind.Video || !IsPublished)
            return;
        VideoQuality wanted = _holds > 0 ? VideoQuality.High : VideoQuality.Off;
        foreach (TrackSubscription subscription in _subscriptions)
        {
            VideoQuality quality = Layers.QualityOf(subscription.LimitedSettings);
            if (quality != VideoQuality.Off && (wanted == VideoQuality.Off || quality > wanted))
                wanted = quality;
        }
        if (_demand.Update(wanted, now, out VideoQuality announced))
            TellPublisher(new RoomNotification.SubscribedQualityChanged(Sid, Info.MimeType, LayerDemand.Enabled(Layers, announced)));
    }

    /// <summary>Ends the track for everyone.</summary>
    internal virtual void End(MonotonicTime now)
    {
        Publication = null;
        if (Level is not null)
            Publisher.Room.Speakers.RemoveMeter(Publisher, Level);
        foreach (TrackSubscription subscription in _subscriptions.ToImmutableArray())
            subscription.Subscriber.Unsubscribe(subscription, now);
        foreach (Participant participant in Publisher.Room.Participants)
            participant.Subscriptions.Forget(Sid);
    }

    /// <summary>Tells whether a section that offers these codecs could carry the track.</summary>
    internal bool CanBeSentIn(ImmutableArray<RtpCodec> codecs)
    {
        RtpCodec codec = Publication!.Codec;
        return codecs.Any(candidate =>
            CodecMatch.IsCompatible(codec, candidate) || (codec.Kind == CodecKind.Red && candidate.Kind == CodecKind.Opus));
    }

    /// <summary>Has subscribers sent this publication from now on.</summary>
    private protected void SetPublication(Publication publication, MonotonicTime now)
    {
        if (publication == Publication)
            return;
        Publication = publication;
        Level?.ListenTo(publication);
        foreach (TrackSubscription subscription in _subscriptions)
            subscription.OnPublicationChanged(now);
    }

    /// <summary>Tells the client that publishes the track, where it is in this room.</summary>
    private protected virtual void TellPublisher(RoomNotification notification)
    {
    }

    private void OnWanted(MonotonicTime now)
    {
        OnDemandChanged(now);
        if (_everSubscribed)
            return;
        _everSubscribed = true;
        TellPublisher(new RoomNotification.TrackSubscribed(Sid));
    }

    private static EncodingStats Measure(PublishedEncoding encoding, MonotonicTime now)
    {
        RtpReceiveStream stream = encoding.Stream;
        return new EncodingStats(
            stream.Rid?.Value ?? "",
            stream.Statistics.PacketsReceived,
            stream.Statistics.PacketsLost,
            encoding.Rate,
            TimeSpan.FromSeconds(stream.Statistics.Jitter / stream.ClockRate),
            stream.KeyFramesReceived,
            stream.KeyFrameRequestsSent,
            stream.RetransmissionsReceived,
            IsActive: now - encoding.LastMedia <= Publication.ActiveWindow);
    }
}
