using System.Diagnostics;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>
/// One receiver's reception of one media section, from whichever publication is its source at the time. The outgoing stream
/// outlives its sources. Which layers are sent follows from the limits alone, and so does the reason for what is not sent.
/// <para><b>Invariant: a subscription is in the list of its source, and in that of the source it leaves, and in no other.</b></para>
/// </summary>
public sealed class Subscription
{
    // A number and no structure: so it lies beside the references, in the part that is fetched ahead for every packet.
    private readonly long _peer;
    private readonly DropCounters _drops;
    private Publication? _source;
    private LayerLimits _limits = new();

    /// <summary>
    /// Selection that the subscriber would be sent of the source but for overload; without an encoding while overload takes nothing away.
    /// </summary>
    private Selection _shed;

    /// <summary>Selection that is in demand; without an encoding while the line has room for it.</summary>
    private Selection _unaffordable;

    /// <summary>The publication that is sent until the source's first key frame has come; null when there is none.</summary>
    private Publication? _leaving;

    /// <summary>Wait of what would fill the receiver's line; null while nobody knows what the line carries.</summary>
    internal PacedStream? Paced { get; set; }

    internal Subscription(PeerId peer, RtpSender sender, MediaContext context)
    {
        _peer = peer.Value;
        Sender = sender;
        _drops = context.Drops;
        Forwarder = new Forwarder(sender.Kind, sender.Codecs, sender.Extensions, sender.InitialSequence, context.Clock);
    }

    /// <summary>The peer that receives it.</summary>
    public PeerId Peer => new(_peer);

    public RtpSender Sender { get; }

    public Forwarder Forwarder { get; }

    public MediaKind Kind => Sender.Kind;

    /// <summary>The publication whose media the subscriber receives, from its next key frame on; null when there is none.</summary>
    public Publication? Source => _source;

    /// <summary>The limit in force: the highest layers that may be sent, and why no more.</summary>
    public LayerLimit Limit => _limits.InForce;

    /// <summary>Layers that the subscriber would be sent if the worker had the time and the line the room.</summary>
    public MaxLayers Demand => _limits.Demand.Value;

    /// <summary>Layers that the subscriber would be sent if the worker had the time.</summary>
    public MaxLayers Carried => _limits.Carried;

    /// <summary>Layers that the subscriber would be sent if the line had the room.</summary>
    internal MaxLayers Wanted => Demand.Within(_limits.Of(LimitCause.Overload));

    /// <summary>Divider of the line that the subscription shares; null when nobody does.</summary>
    internal ILineDivider? Line { get; set; }

    /// <summary>Rate of the lowest temporal layer of what is being sent, bits per second; 0 when nothing is.</summary>
    internal long BaseRate => Forwarder.Current is { Costs: { } costs } ? costs.BaseRate : 0;

    /// <summary>True when nothing is sent for want of time alone.</summary>
    public bool IsShed => _limits.IsShed;

    /// <summary>True when nothing is sent of what is in demand: for want of time, or of room on the line.</summary>
    public bool IsWithheld => _limits.IsWithheld;

    /// <summary>The layers that are being sent; null when nothing is.</summary>
    public LayerState? Layers => (_leaving ?? _source) is { } sent && Forwarder.Current is { } encoding ? LayersOf(sent, encoding) : null;

    /// <summary>Takes another source, or none. The stream goes on at its first key frame.</summary>
    internal void SetSource(Publication? source, MonotonicTime now)
    {
        Leave();
        if (source == _source)
            return;
        LeaveListOf(_source);
        _source = source;
        source?.Add(this);
        Line?.OnDemandChanged(now);
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
        Debug.Assert(_leaving != _source, "The source is left for itself.");
        Line?.OnDemandChanged(now);
        Retarget(now);
    }

    /// <summary>
    /// Replaces the limit of one cause. A pause takes effect at once; going on asks for a key frame. Another encoding or a higher layer
    /// takes over at its key frame or switching point, and until then what was sent goes on, unless the limit is one of overload, or the
    /// line needs relief: then an encoding above it stops at once, or is thinned.
    /// </summary>
    /// <param name="limit">The limit.</param>
    /// <param name="now">The time.</param>
    /// <param name="relief">What is sent until then of an encoding that is too much for the line.</param>
    /// <returns>Whether something else is sent than before.</returns>
    internal bool SetLimit(in LayerLimit limit, MonotonicTime now, LineRelief relief = LineRelief.None)
    {
        LayerLimits limits = _limits;
        if (!_limits.Set(limit))
            return false;
        if (limits.IsWithheld || IsWithheld)
            OnWithheldChanged();
        if (limit.Cause == LimitCause.Overload)
            relief = LineRelief.Stop;
        if (limit.Cause != LimitCause.Bandwidth)
            Line?.OnDemandChanged(now);
        Selection before = SelectionWithin(limits.InForce.Value), after = SelectionWithin(Limit.Value);
        bool isLeft = Forwarder.Current is { } current
            && after.Encoding is { } lower
            && _source!.RankOf(lower) < _source.RankOf(current);
        bool isThinned = isLeft && relief == LineRelief.Thin && Forwarder.Current!.TemporalLayerCount > 1;
        if (isLeft && relief != LineRelief.None && !isThinned)
            Forwarder.SetTarget(null);
        Retarget(now);
        if (isThinned)
            Forwarder.Thin();
        return after != before;
    }

    /// <summary>The source's encodings, or layers, are not what they were.</summary>
    internal void OnLayersChanged(MonotonicTime now)
    {
        Line?.OnLayersChanged(now);
        Retarget(now);
    }

    /// <summary>Chooses again what is sent.</summary>
    private void Retarget(MonotonicTime now)
    {
        MaxLayers max = Limit.Value, carried = Carried, demand = Demand;
        _shed = max == carried ? default : SelectionOf(carried);
        _unaffordable = carried == demand ? default : SelectionOf(demand);
        PublishedEncoding? target = _source?.Select(max);
        // Before the next source's first packet there is nothing to wait for: the one that is left goes on.
        if (target is null && _leaving is not null && !max.Paused)
            return;
        Forwarder.SetLimits(_source?.SpatialLimit(max) ?? int.MaxValue, max.Temporal);
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
            if (distance == 2)
                Paced?.Prefetch(prefetcher);
            return;
        }
        prefetcher.Prefetch(Sender, 3);
        prefetcher.Prefetch(Forwarder, 4);
        if (Paced is not null)
            prefetcher.Prefetch(Paced, 2);
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
            if (Paced is null || !Paced.TakesOver(plan, packet.View.Payload.Length, now))
                reason = SendAtOnce(plan, packet.View, now);
            Sender.Timing = Forwarder.Timing;
        }
        else if (reason == DropReason.LayerMismatch)
        {
            reason = _shed.Has(encoding, layers) ? DropReason.Shed
                : _unaffordable.Has(encoding, layers) ? DropReason.BandwidthLimited
                : reason;
        }
        if (reason != DropReason.None)
            _drops.Count(reason);
        if (_leaving is not null && Forwarder.Current is { } current && _source!.RankOf(current) >= 0)
            Leave();
        AskForKeyFrame(now);
    }

    /// <summary>Sends a packet that has waited.</summary>
    /// <returns>Its bytes on the wire; 0 when no packet has come under the number, or none is known any more.</returns>
    internal int SendWaiting(ExtendedSequence number, MonotonicTime now)
    {
        if (!Forwarder.TryReplay(number, out RtpPacketView packet, out RewritePlan plan))
            return 0;
        DropReason reason = plan.Send(Sender, packet, now);
        if (reason != DropReason.None)
            _drops.Count(reason);
        return packet.Payload.Length + PacedStream.Overhead;
    }

    /// <summary>The newest number that has left, or that stands for a packet which has not come.</summary>
    internal ExtendedSequence NewestSent => Paced?.NewestSent ?? Forwarder.NextOutgoing - 1;

    /// <summary>Sends a packet again on the RTX stream that has most likely arrived, to fill a probe of the line.</summary>
    /// <returns>False when nothing is known of it, or when it cannot be sent.</returns>
    internal bool TrySendAgain(ExtendedSequence number, MonotonicTime now) =>
        Forwarder.TryReplay(number, out RtpPacketView packet, out RewritePlan plan)
        && !plan.PayloadOf(packet).IsEmpty
        && plan.SendAsFiller(Sender, packet, now) == DropReason.None;

    /// <summary>Packets that have waited were not known any more when their turn came. Receivers miss them and ask.</summary>
    internal void OnExpired(int packets) => _drops.Count(DropReason.PacingExpired, packets);

    private DropReason SendAtOnce(in RewritePlan plan, in RtpPacketView packet, MonotonicTime now)
    {
        if (plan.PrecedingSets > 0)
            SendSets(plan, now);
        return plan.Send(Sender, packet, now);
    }

    /// <summary>Sends the parameter sets that a key frame came without, right before it.</summary>
    private void SendSets(in RewritePlan keyFrame, MonotonicTime now)
    {
        for (int before = keyFrame.PrecedingSets; before > 0; before--)
        {
            if (Forwarder.Inserted!.TryPlan(keyFrame.Sequence - before, out RtpPacketView view, out RewritePlan plan))
                plan.Send(Sender, view, now);
        }
    }

    /// <summary>The receiver lost a packet: it is sent again while it is known. One that still waits is not lost.</summary>
    internal void OnNack(SequenceNumber lost, MonotonicTime now)
    {
        if (Paced is not null && Paced.Holds(Forwarder.Extend(lost)))
            return;
        DropReason reason = Forwarder.TryReplay(lost, out RtpPacketView packet, out RewritePlan plan)
            ? plan.Resend(Sender, packet, now)
            : DropReason.RetransmissionExpired;
        if (reason != DropReason.None)
            _drops.Count(reason);
    }

    /// <summary>The receiver cannot decode, or has just come. Requests of many subscribers become one at the publisher.</summary>
    internal void RequestKeyFrame(MonotonicTime now)
    {
        Forwarder.TakeKeyFrameWish();
        if (_source is not null && Forwarder.Target is { } target)
            _source.RequestKeyFrame(target, now);
    }

    /// <summary>Ends what goes on until the source's first key frame, whether that has come or not.</summary>
    internal void Leave()
    {
        LeaveListOf(_leaving);
        _leaving = null;
    }

    /// <summary>
    /// Is sent nothing more of a publication. If it is the one that was being sent, the stream goes on with a key frame, this publication's
    /// too: what it misses from now on is no loss, and leaves no hole.
    /// </summary>
    private void LeaveListOf(Publication? publication)
    {
        publication?.Remove(this);
        if (publication is not null && Forwarder.Current is { } current && publication.Owns(current))
            Forwarder.Interrupt();
    }

    private void OnWithheldChanged()
    {
        _source?.OnWithheldChanged();
        _leaving?.OnWithheldChanged();
    }

    /// <summary>Returns the selection of the source within these layers, whether it has them or not.</summary>
    private Selection SelectionOf(in MaxLayers max) => new(_source?.Select(max), _source?.SpatialLimit(max) ?? 0, max.Temporal);

    /// <summary>Returns the selection of the source within these layers, as far as its layers are known.</summary>
    private Selection SelectionWithin(in MaxLayers max) => _source?.Select(max) is { } encoding
        ? new Selection(encoding, _source.SpatialLimit(max), Math.Min(max.Temporal, encoding.TemporalLayerCount - 1))
        : default;

    /// <summary>
    /// Asks for the key frame that the forwarder waits for, once it can be sent: before it would come too early, and publishers are not
    /// asked again for a while. When the peer connects its <c>Downlink</c> asks.
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
            Forwarder.PicksKeyFrames ? MaxLayers.KeyFrames : Math.Min(filter.MaxTemporal, encoding.TemporalLayerCount - 1));
    }

    /// <summary>An encoding up to a spatial and a temporal layer; nothing without an encoding.</summary>
    private readonly record struct Selection(PublishedEncoding? Encoding, int MaxSpatial, int MaxTemporal)
    {
        public bool Has(PublishedEncoding encoding, in FrameLayers layers) =>
            encoding == Encoding && layers.Spatial <= MaxSpatial && layers.Temporal <= MaxTemporal;
    }
}
