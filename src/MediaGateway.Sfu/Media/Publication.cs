using System.Collections.Immutable;
using System.Diagnostics;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Streams;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>
/// One media section that an origin offers: its encodings with their histories, its taps, and who is subscribed. A packet is
/// read once for all subscribers, and walks them at the end of its batch.
/// <para><b>Invariant: packets walk exactly those subscriptions that are not withheld, in the order of their peers.</b></para>
/// </summary>
public sealed class Publication
{
    /// <summary>Time after its last packet for which a publication, or one of its encodings, counts as active.</summary>
    internal static readonly TimeSpan ActiveWindow = TimeSpan.FromSeconds(1);

    /// <summary>Time between two searches for silent encodings and changed rates.</summary>
    private static readonly TimeSpan SelectionInterval = TimeSpan.FromMilliseconds(250);

    private readonly IMediaOrigin _origin;
    private readonly PublishedEncoding?[] _encodings;
    private readonly EncodingRanking _ranking = new();
    private SubscriberList _subscriptions = SubscriberList.Empty;
    private IPublicationTap[] _taps = [];
    private int _carryingTaps;

    /// <summary>Cache of <see cref="Served"/>; null when it has to be gathered again.</summary>
    private SubscriberList? _served;

    /// <summary>Number of subscriptions that would be sent an encoding and are shed; indexed like the encodings.</summary>
    private readonly int[] _shed;

    /// <summary>The same of subscriptions whose lines have no room for it.</summary>
    private readonly int[] _unaffordable;

    private MonotonicTime _nextSelection;
    private int _spatialLayerCount = 1;

    /// <summary>True when something has changed that subscribers choose by; the next media packet has them choose again.</summary>
    private bool _changed;

    internal Publication(IMediaOrigin origin, RtpReceiver receiver)
    {
        _origin = origin;
        Receiver = receiver;
        receiver.Owner = this;
        _encodings = new PublishedEncoding?[receiver.Encodings.Count];
        _shed = new int[receiver.Encodings.Count];
        _unaffordable = new int[receiver.Encodings.Count];
    }

    public RtpReceiver Receiver { get; }

    public MediaKind Kind => Receiver.Kind;

    public HeaderExtensionMap Extensions => Receiver.Extensions;

    /// <summary>The highest encoding that the origin sends; null before the first packet.</summary>
    public PublishedEncoding? Best => _ranking.Best;

    /// <summary>The codec of the best encoding; before the first packet, the codec that was negotiated first.</summary>
    public RtpCodec Codec => Best?.Codec ?? Receiver.Codecs[0];

    /// <summary>The encodings in the order of the section's description; null for those that have sent nothing yet.</summary>
    public IReadOnlyList<PublishedEncoding?> Encodings => _encodings;

    /// <summary>True when spatial layers come within one encoding (SVC), not as several encodings (simulcast).</summary>
    public bool IsScalable => _ranking.Count == 1 && _spatialLayerCount > 1;

    /// <summary>Number of ranks for <see cref="MaxLayers.Spatial"/>: encodings or layers seen so far.</summary>
    public int SpatialLayerCount => _ranking.Count > 1 ? _ranking.Count : _spatialLayerCount;

    /// <summary>Time at which a key frame of <see cref="Best"/> last began to arrive; 0 before the first.</summary>
    public MonotonicTime LastKeyFrame { get; private set; }

    /// <summary>Number of subscribers: the subscriptions here, and the taps that carry the packets to subscribers elsewhere.</summary>
    public int SubscriptionCount => _subscriptions.Count + _carryingTaps;

    /// <summary>Number of encodings seen so far.</summary>
    internal int EncodingCount => _ranking.Count;

    /// <summary>True when nothing is forwarded, whatever the origin sends.</summary>
    internal bool IsMuted { get; private set; }

    /// <summary>Grows whenever <see cref="RankedRids"/> change.</summary>
    internal int RankingVersion => _ranking.Version;

    /// <summary>
    /// The names of the simulcast encodings that have been seen, from the lowest to the highest; empty without simulcast.
    /// </summary>
    internal ImmutableArray<Rid> RankedRids => _ranking.Rids;

    /// <summary>The subscriptions that packets walk: all that are not withheld, in the order of their peers.</summary>
    internal SubscriberList Served => _served ?? GatherServed();

    /// <summary>Tells whether media came within the last second, from somebody who is still there.</summary>
    public bool IsActive(MonotonicTime now)
    {
        if (_origin.IsClosed)
            return false;
        foreach (PublishedEncoding? encoding in _encodings)
        {
            if (encoding?.LastMedia is { } last && now - last <= ActiveWindow)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Ranks simulcast encodings by name, from the next packet on; those not named are above these, by rate. Without a
    /// call all are.
    /// </summary>
    internal void SetEncodingOrder(ImmutableArray<Rid> lowToHigh)
    {
        _ranking.SetOrder(lowToHigh);
        _changed = true;
    }

    /// <summary>Mutes the publication or lifts it; while muted nothing is forwarded, whatever the publisher sends.</summary>
    internal void SetMuted(bool muted)
    {
        _changed |= muted != IsMuted;
        IsMuted = muted;
    }

    /// <summary>The encoding that a subscriber is to be sent within these layers; null for none.</summary>
    internal PublishedEncoding? Select(in MaxLayers max) => max.Paused || IsMuted ? null : _ranking.Select(max.Spatial);

    /// <summary>The highest spatial layer within the selected encoding; <see cref="int.MaxValue"/> for all.</summary>
    internal int SpatialLimit(in MaxLayers max) => IsScalable && max.Spatial < _spatialLayerCount - 1 ? max.Spatial : int.MaxValue;

    /// <summary>Tells whether an encoding is one of this publication's.</summary>
    internal bool Owns(PublishedEncoding encoding) => Array.IndexOf(_encodings, encoding) >= 0;

    /// <summary>The encoding of a rank below <see cref="EncodingCount"/> when it is sent now; null when it is not.</summary>
    internal PublishedEncoding? SentAt(int rank) => _ranking.SentAt(rank);

    internal int RankOf(PublishedEncoding encoding) => _ranking.RankOf(encoding);

    internal void OnPacket(in MediaPacket packet, MonotonicTime now, MediaContext context)
    {
        PublishedEncoding encoding = EncodingOf(packet.Stream, now);
        FrameLayers layers = encoding.OnPacket(packet, now);
        if (!packet.View.Payload.IsEmpty)
            OnMedia(encoding, packet, layers, now);
        if (encoding.TakeTooLongSets() is > 0 and { } tooLong)
            context.Drops.Count(DropReason.ParameterSetTooLong, tooLong);
        foreach (IPublicationTap tap in _taps)
            tap.OnPacket(encoding, packet, now);
        DropReason reason = IsMuted ? DropReason.Muted
            : SubscriptionCount == 0 ? DropReason.NoSubscribers
            : Served.Count == 0 ? DropReason.None
            : context.Fanout.Add(this, encoding, packet, layers, now);
        if (reason != DropReason.None)
            context.Drops.Count(reason);
        else if (!packet.View.Payload.IsEmpty)
            CountWithheld(packet.Stream.Index, context.Drops);
    }

    /// <summary>Takes over parameter sets of an encoding that came by another way than its packets.</summary>
    internal void Learn(RtpReceiveStream stream, RtpCodec codec, ReadOnlySpan<byte> sets, MonotonicTime now) =>
        EncodingOf(stream, now).Learn(codec, sets);

    internal void OnFault(Exception fault, MonotonicTime now) => _origin.OnFault(fault, now);

    internal void Add(Subscription subscription)
    {
        _subscriptions = _subscriptions.Add(subscription);
        _served = null;
    }

    internal void Remove(Subscription subscription)
    {
        _subscriptions = _subscriptions.Remove(subscription);
        _served = null;
    }

    /// <summary>A subscription is withheld, or no longer, or for another reason: its packets cost nothing meanwhile.</summary>
    internal void OnWithheldChanged() => _served = null;

    internal void Add(IPublicationTap tap) => SetTaps([.. _taps, tap]);

    internal void Remove(IPublicationTap tap) => SetTaps([.. _taps.Where(other => other != tap)]);

    /// <summary>Nothing more is published of the section: its packets find nobody from now on.</summary>
    internal void End()
    {
        if (Receiver.Owner == this)
            Receiver.Owner = null;
    }

    /// <summary>Asks for a key frame of what is sent best.</summary>
    internal void RequestKeyFrame(MonotonicTime now)
    {
        if (Best is { } best)
            RequestKeyFrame(best, now);
    }

    internal void RequestKeyFrame(PublishedEncoding encoding, MonotonicTime now)
    {
        if (Kind == MediaKind.Video)
            _origin.RequestKeyFrame(encoding.Stream, now);
    }

    private PublishedEncoding EncodingOf(RtpReceiveStream stream, MonotonicTime now)
    {
        ref PublishedEncoding? encoding = ref _encodings[stream.Index];
        if (encoding is not null && encoding.Stream == stream)
            return encoding;
        // First packet, or the sender began anew under another SSRC: its numbers start over, so does our record of it.
        PublishedEncoding? before = encoding;
        encoding = new PublishedEncoding(stream, keepHistory: Kind == MediaKind.Video, _origin.Clock, Extensions);
        if (before is null)
            _ranking.Add(encoding);
        else
            _ranking.Replace(before, encoding);
        Retarget(now);
        return encoding;
    }

    private void OnMedia(PublishedEncoding encoding, in MediaPacket packet, in FrameLayers layers, MonotonicTime now)
    {
        if (Kind == MediaKind.Video && layers.StartsKeyFrame)
        {
            packet.Stream.OnKeyFrame();
            if (encoding == Best)
                LastKeyFrame = now;
        }
        _changed |= _ranking.OnMedia(encoding, packet.View.Timestamp);
        if (encoding.SpatialLayerCount > _spatialLayerCount)
        {
            _spatialLayerCount = encoding.SpatialLayerCount;
            _changed = true;
        }
        if (now >= _nextSelection)
        {
            _nextSelection = now + SelectionInterval;
            _changed |= _ranking.Refresh(now);
        }
        if (_changed)
            Retarget(now);
    }

    private void CountWithheld(int encoding, DropCounters drops)
    {
        drops.Count(DropReason.Shed, _shed[encoding]);
        drops.Count(DropReason.BandwidthLimited, _unaffordable[encoding]);
    }

    private SubscriberList GatherServed()
    {
        Array.Clear(_shed);
        Array.Clear(_unaffordable);
        bool isAnyWithheld = false;
        foreach (Subscription subscription in _subscriptions)
        {
            Debug.Assert(subscription.Kind == Kind, "A subscription to media of another kind.");
            if (!subscription.IsWithheld)
                continue;
            isAnyWithheld = true;
            (MaxLayers wanted, int[] missing) = subscription.IsShed ? (subscription.Carried, _shed) : (subscription.Demand, _unaffordable);
            if (_ranking.Select(wanted.Spatial) is { } missed)
                missing[missed.Stream.Index]++;
        }
        SubscriberList served = isAnyWithheld ? _subscriptions.WithoutWithheld() : _subscriptions;
        _served = served;
        return served;
    }

    private void SetTaps(IPublicationTap[] taps)
    {
        _taps = taps;
        _carryingTaps = taps.Count(tap => tap.CarriesToSubscribers);
    }

    private void Retarget(MonotonicTime now)
    {
        _changed = false;
        _served = null;
        foreach (Subscription subscription in _subscriptions)
            subscription.OnLayersChanged(now);
    }
}
