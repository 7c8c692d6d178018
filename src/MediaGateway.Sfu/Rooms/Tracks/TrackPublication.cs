using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Streams;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Connections;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Speakers;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// A track that a participant announced. Others learn of it once it is negotiated too: announcement and negotiation come
/// in either order.
/// </summary>
public sealed class TrackPublication
{
    /// <summary>Subscribers with limits of their own.</summary>
    private const int MaxLimited = 10_000;

    private readonly List<TrackSubscription> _subscriptions = [];
    private readonly LayerDemand _demand = new();
    private readonly Dictionary<string, TrackLimits> _limitsOf = new(StringComparer.Ordinal);
    private ParticipantPeer? _peer;
    private bool _everSubscribed;

    /// <summary>The tracks of other rooms that show this one.</summary>
    private ImmutableArray<TrackPublication> _mirrors = [];

    /// <summary>How many beside subscribers want it at its best.</summary>
    private int _holds;

    internal TrackPublication(Participant publisher, string cid, TrackInfo info)
    {
        Publisher = publisher;
        Cid = cid;
        Info = info;
        Layers = new TrackLayers(info.Layers);
        Level = info.Kind == MediaKind.Audio ? publisher.Room.Speakers.AddMeter(publisher) : null;
    }

    public Participant Publisher { get; }

    public TrackInfo Info { get; private set; }

    public TrackSid Sid => Info.Sid;

    public MediaKind Kind => Info.Kind;

    /// <summary>What holds for every subscriber.</summary>
    public TrackLimits Limits { get; private set; } = TrackLimits.None;

    /// <summary>Announced, negotiated, and not ended.</summary>
    public bool IsPublished => Media is not null;

    /// <summary>Whether packets ought to come: it is not muted, and somebody watches.</summary>
    internal bool IsMediaExpected => IsPublished && !Info.Muted && (Kind == MediaKind.Audio || _demand.IsWanted);

    /// <summary>The client's id of the media track.</summary>
    internal string Cid { get; }

    /// <summary>The publisher's media section; null before negotiation.</summary>
    internal Mid? Mid { get; private set; }

    /// <summary>What the section's description calls the track; empty when it gives no name.</summary>
    internal string SectionTrackId { get; set; } = "";

    /// <summary>What comes up; null before negotiation.</summary>
    internal Publication? Media { get; private set; }

    internal TrackLayers Layers { get; private set; }

    /// <summary>The track of another room that this one shows; null when it is one itself.</summary>
    internal TrackPublication? Original { get; private set; }

    /// <summary>How loud it is; null for video.</summary>
    internal AudioLevelMeter? Level { get; }

    internal IReadOnlyList<TrackSubscription> Subscriptions => _subscriptions;

    /// <summary>Asks the publisher for a key frame of the best encoding; does nothing for audio.</summary>
    public void RequestKeyFrame(MonotonicTime now) => Media?.RequestKeyFrame(now);

    /// <summary>Its numbers.</summary>
    public PublicationStats Measure(MonotonicTime now) => new(
        Publisher.Identity,
        Info,
        [.. (Media?.Encodings ?? []).OfType<PublishedEncoding>().Select(encoding => Measure(encoding, now))],
        Media?.SpatialLayerCount ?? 0,
        _subscriptions.Count,
        Limits);

    /// <summary>Limits what is forwarded, to everybody or to one subscriber, there or not.</summary>
    /// <param name="identity">Whose; empty for everybody's.</param>
    /// <param name="limits">From now on; <see cref="TrackLimits.None"/> lifts them.</param>
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

    internal TrackSettings Limit(TrackSettings settings, Participant subscriber) =>
        Layers.Limit(Layers.Limit(settings, Limits), LimitsOf(subscriber.Identity));

    /// <summary>Takes what the participant says about the track, first or anew.</summary>
    internal void Describe(TrackRequest request)
    {
        Info = Info with
        {
            Name = request.Name,
            Source = request.Source,
            Muted = request.Muted,
            Width = request.Width,
            Height = request.Height,
            Layers = request.Layers,
            MimeType = IsPublished ? Info.MimeType : request.Codecs.FirstOrDefault()?.MimeType ?? MimeTypes.UsualOf(request.Kind),
            Codecs = IsPublished ? Info.Codecs : [.. request.Codecs.Take(1)],
            Stereo = request.Stereo,
            DisableDtx = request.DisableDtx,
            DisableRed = request.DisableRed,
            Encryption = request.Encryption,
            Stream = request.Stream,
            AudioFeatures = request.AudioFeatures,
            BackupCodecPolicy = request.BackupCodecPolicy,
            Version = Info.Version + 1,
        };
        Layers = new TrackLayers(request.Layers);
        Media?.SetEncodingOrder(Layers.EncodingOrder);
        Media?.SetMuted(request.Muted);
        Level?.SetMuted(request.Muted);
    }

    /// <summary>Binds the track to the section that carries it.</summary>
    internal void Bind(ParticipantPeer peer, RtpReceiver receiver, MonotonicTime now)
    {
        if (Media?.Receiver == receiver)
            return;
        _peer?.Remove(this);
        _peer = peer;
        Mid = receiver.Mid;
        Media = new Publication(peer, receiver);
        Media.SetEncodingOrder(Layers.EncodingOrder);
        Media.SetMuted(Info.Muted);
        peer.Add(this);
        string mimeType = MimeTypes.Of(receiver.Codecs[0].Kind);
        Info = Info with
        {
            Mid = receiver.Mid.Value,
            MimeType = mimeType,
            Simulcast = receiver.Encodings.Count > 1,
            Codecs = [Info.Codecs.FirstOrDefault(codec => codec.MimeType == mimeType) ?? new TrackCodec(mimeType, Cid, Info.Layers)],
            Version = Info.Version + 1,
        };
        foreach (TrackSubscription subscription in _subscriptions)
            subscription.OnSourceChanged(now);
    }

    /// <summary>Shows a track of another room, as it is now. It is wanted at its best from then on.</summary>
    internal void Mirror(TrackPublication original, MonotonicTime now)
    {
        if (Original is null)
        {
            Original = original;
            original._mirrors = original._mirrors.Add(this);
            original.Hold(now);
        }
        Info = original.Info with { Sid = Sid, Version = Info.Version + 1 };
        Layers = original.Layers;
        Level?.SetMuted(Info.Muted);
        if (Media == original.Media)
            return;
        Media = original.Media;
        foreach (TrackSubscription subscription in _subscriptions)
            subscription.OnSourceChanged(now);
    }

    internal void SetMuted(bool muted)
    {
        Info = Info with { Muted = muted, Version = Info.Version + 1 };
        Media?.SetMuted(muted);
        Level?.SetMuted(muted);
    }

    internal void OnPacket(in MediaPacket packet, MonotonicTime now, MediaContext context)
    {
        if (Level is not null
            && packet.View.TryGetExtension(Media!.Extensions.IdOf(HeaderExtensionKind.AudioLevel), out ReadOnlySpan<byte> extension)
            && AudioLevel.TryParse(extension, out AudioLevel level))
        {
            Level.OnLevel(level, now);
            foreach (TrackPublication mirror in _mirrors)
                mirror.Level!.OnLevel(level, now);
        }
        Media!.OnPacket(packet, now, context);
    }

    internal void Add(TrackSubscription subscription, MonotonicTime now)
    {
        _subscriptions.Add(subscription);
        OnWanted(now);
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

    internal void Remove(TrackSubscription subscription, MonotonicTime now)
    {
        _subscriptions.Remove(subscription);
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
            Publisher.Notify(new RoomNotification.SubscribedQualityChanged(Sid, Info.MimeType, LayerDemand.Enabled(Layers, announced)));
    }

    /// <summary>Ends it for everyone.</summary>
    internal void End(MonotonicTime now)
    {
        _peer?.Remove(this);
        _peer = null;
        Media = null;
        if (Original is { } original)
        {
            original._mirrors = original._mirrors.Remove(this);
            original.Release(now);
        }
        if (Level is not null)
            Publisher.Room.Speakers.RemoveMeter(Publisher, Level);
        foreach (TrackSubscription subscription in _subscriptions.ToImmutableArray())
            subscription.Subscriber.Unsubscribe(subscription, now);
        foreach (Participant participant in Publisher.Room.Participants)
            participant.Subscriptions.Forget(Sid);
    }

    private static EncodingStats Measure(PublishedEncoding encoding, MonotonicTime now)
    {
        ReceiveStream stream = encoding.Stream;
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

    private void OnWanted(MonotonicTime now)
    {
        OnDemandChanged(now);
        if (_everSubscribed)
            return;
        _everSubscribed = true;
        Publisher.Notify(new RoomNotification.TrackSubscribed(Sid));
    }

    /// <summary>Whether a section that offers these codecs could carry it.</summary>
    internal bool CanBeSentIn(ImmutableArray<RtpCodec> codecs)
    {
        RtpCodec codec = Media!.Codec;
        return codecs.Any(candidate => CodecMatch.IsCompatible(codec, candidate) || (codec.Kind == CodecKind.Red && candidate.Kind == CodecKind.Opus));
    }
}
