using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>
/// One viewer's reception of one kind of media, from whichever publication is its source at the time. The outgoing
/// stream outlives its sources.
/// </summary>
public sealed class Subscription
{
    private readonly DropCounters _drops;
    private Publication? _source;
    private LayerPreference _cap = LayerPreference.Best;

    /// <summary>What is sent until the source's first key frame; null when nothing is, or it has come.</summary>
    private Publication? _leaving;

    internal Subscription(PeerId peer, RtpSender sender, MediaContext context, int place)
    {
        Peer = peer;
        Sender = sender;
        _drops = context.Drops;
        Forwarder = new Forwarder(sender.Kind, sender.Codecs, sender.Extensions, sender.InitialSequence, context.Clock);
        Place = place;
    }

    /// <summary>Whom it is sent to.</summary>
    public PeerId Peer { get; }

    public RtpSender Sender { get; }

    public Forwarder Forwarder { get; }

    public MediaKind Kind => Sender.Kind;

    public Publication? Source => _source;

    /// <summary>What the subscriber wants at most.</summary>
    public LayerPreference Preference { get; private set; } = LayerPreference.Best;

    /// <summary>Wanted, and not sent: the worker has too much to do.</summary>
    public bool IsShed => _cap.Paused && !Preference.Paused;

    /// <summary>Which eighth of the subscriptions it belongs to, when some are to be left out.</summary>
    internal int Place { get; }

    /// <summary>What it is sent; null when nothing is.</summary>
    public LayerState? Layers => (_leaving ?? _source) is { } sent && Forwarder.Current is { } encoding ? LayersOf(sent, encoding) : null;

    /// <summary>Takes another source, or none. The stream goes on at its first key frame.</summary>
    internal void SetSource(Publication? source, MonotonicTime now)
    {
        Leave();
        if (source == _source)
            return;
        _source?.Remove(this);
        _source = source;
        source?.Add(this);
        Retarget(now);
    }

    /// <summary>Takes another source at its first key frame; until then what was sent goes on.</summary>
    internal void SwitchTo(Publication source, MonotonicTime now)
    {
        if (source == _source)
            return;
        if (Kind != MediaKind.Video || _source is null || Forwarder.Current is null)
        {
            SetSource(source, now);
            return;
        }
        if (_leaving is null)
            _leaving = _source;
        else
            _source.Remove(this);
        _source = source;
        if (source == _leaving)
            _leaving = null;
        else
            source.Add(this);
        Retarget(now);
    }

    /// <summary>
    /// A pause stops at once; going on asks for a key frame. Another encoding or higher layer takes over at its key frame or
    /// switching point, and until then what was sent goes on.
    /// </summary>
    internal void SetPreference(LayerPreference preference, MonotonicTime now)
    {
        if (preference == Preference)
            return;
        bool wasShed = IsShed;
        Preference = preference;
        if (IsShed != wasShed)
            OnShedChanged();
        Retarget(now);
    }

    /// <summary>
    /// What the worker has time to send. Less takes effect at once: an encoding above it is not sent until the next one's key
    /// frame, but stops.
    /// </summary>
    /// <returns>Whether something else is sent than before.</returns>
    internal bool SetCap(in LayerPreference cap, MonotonicTime now)
    {
        if (cap == _cap)
            return false;
        Sent before = SentUnder(_cap);
        bool wasShed = IsShed;
        _cap = cap;
        if (IsShed != wasShed)
            OnShedChanged();
        Sent after = SentUnder(_cap);
        if (Forwarder.Current is { } current && after.Encoding is { } lower && _source!.RankOf(lower) < _source.RankOf(current))
            Forwarder.SetTarget(null);
        Retarget(now);
        return after != before;
    }

    /// <summary>To be called when what the source has changed.</summary>
    internal void Retarget(MonotonicTime now)
    {
        LayerPreference preference = Preference.Within(_cap);
        PublishedEncoding? target = _source?.Select(preference);
        // Before the next source's first packet there is nothing to wait for: the one that is left goes on.
        if (target is null && _leaving is not null && !preference.Paused)
            return;
        Forwarder.SetLimits(_source?.SpatialLimit(preference) ?? int.MaxValue, preference.MaxTemporal);
        Forwarder.SetTarget(target);
        AskForKeyFrame(now);
    }

    /// <summary>Fetches what lies so many references away, at least 1; see <see cref="IPrefetcher"/>.</summary>
    internal void Prefetch(IPrefetcher prefetcher, int distance)
    {
        if (distance > 1)
        {
            Sender.Prefetch(prefetcher, distance - 1);
            Forwarder.Prefetch(prefetcher, distance - 1);
            return;
        }
        prefetcher.Prefetch(Sender, 3);
        prefetcher.Prefetch(Forwarder, 4);
    }

    internal void OnPacket(PublishedEncoding encoding, in MediaPacket packet, in FrameLayers layers, MonotonicTime now)
    {
        if (!Sender.CanSend)
        {
            // Before it can be sent nothing is planned: the stream must begin with a key frame that arrives.
            _drops.Count(DropReason.NotConnected);
            return;
        }
        DropReason reason = Forwarder.Plan(encoding, packet, layers, now, out RewritePlan plan);
        if (reason == DropReason.None)
        {
            reason = Sender.Send(plan, packet.View);
            Sender.Timing = Forwarder.Timing;
        }
        if (reason == DropReason.LayerMismatch && _cap != LayerPreference.Best && IsWanted(encoding, layers))
            reason = DropReason.Shed;
        if (reason != DropReason.None)
            _drops.Count(reason);
        if (_leaving is not null && Forwarder.Current is { } current && _source!.RankOf(current) >= 0)
            Leave();
        AskForKeyFrame(now);
    }

    internal void OnNack(SequenceNumber lost, MonotonicTime now)
    {
        DropReason reason = Forwarder.TryReplay(lost, out RtpPacketView packet, out RewritePlan plan)
            ? Sender.Resend(plan, packet, now)
            : DropReason.RetransmissionExpired;
        if (reason != DropReason.None)
            _drops.Count(reason);
    }

    /// <summary>The viewer can't decode, or has just come: wishes of many become one request at the publisher.</summary>
    internal void RequestKeyFrame(MonotonicTime now)
    {
        Forwarder.TakeKeyFrameWish();
        if (_source is not null && Forwarder.Target is { } target)
            _source.RequestKeyFrame(target, now);
    }

    /// <summary>Ends what goes on until the source's first key frame, whether that has come or not.</summary>
    internal void Leave()
    {
        _leaving?.Remove(this);
        _leaving = null;
    }

    private void OnShedChanged()
    {
        _source?.OnShedChanged();
        _leaving?.OnShedChanged();
    }

    /// <summary>Whether the subscriber would be sent it, had the worker the time.</summary>
    private bool IsWanted(PublishedEncoding encoding, in FrameLayers layers) => encoding == _source?.Select(Preference)
        && layers.Spatial <= _source.SpatialLimit(Preference) && layers.Temporal <= Preference.MaxTemporal;

    /// <summary>What comes of the source under a cap, as far as is known of its layers.</summary>
    private Sent SentUnder(in LayerPreference cap)
    {
        LayerPreference preference = Preference.Within(cap);
        return _source?.Select(preference) is { } encoding
            ? new Sent(encoding, _source.SpatialLimit(preference), Math.Min(preference.MaxTemporal, encoding.TemporalLayerCount - 1))
            : default;
    }

    /// <summary>
    /// Not before it can be sent: it would come too early, and publishers are not asked again for a while. Once it can, its peer
    /// asks.
    /// </summary>
    private void AskForKeyFrame(MonotonicTime now)
    {
        if (Sender.CanSend && Forwarder.TakeKeyFrameWish())
            RequestKeyFrame(now);
    }

    private LayerState? LayersOf(Publication source, PublishedEncoding encoding)
    {
        int rank = source.RankOf(encoding);
        if (rank < 0)
            return null;
        LayerFilter filter = Forwarder.Filter;
        return new LayerState(
            source.IsScalable ? Math.Min(filter.MaxSpatial, source.SpatialLayerCount - 1) : rank,
            Math.Min(filter.MaxTemporal, encoding.TemporalLayerCount - 1));
    }

    private readonly record struct Sent(PublishedEncoding? Encoding, int MaxSpatial, int MaxTemporal);
}
