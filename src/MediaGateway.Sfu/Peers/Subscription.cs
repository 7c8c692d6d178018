using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Peers;

/// <summary>
/// One viewer's reception of one kind of media, from whichever publication is its source at the time. The outgoing
/// stream outlives its sources.
/// </summary>
public sealed class Subscription
{
    private readonly DropCounters _drops;
    private Publication? _source;

    /// <summary>What is sent until the source's first key frame; null when nothing is, or it has come.</summary>
    private Publication? _leaving;

    internal Subscription(RtpSender sender, NtpClock clock, DropCounters drops)
    {
        Sender = sender;
        _drops = drops;
        Forwarder = new Forwarder(sender.Kind, sender.Codecs, sender.Extensions, sender.InitialSequence, clock);
    }

    public RtpSender Sender { get; }

    public Forwarder Forwarder { get; }

    public MediaKind Kind => Sender.Kind;

    public Publication? Source => _source;

    /// <summary>What the subscriber wants at most.</summary>
    public LayerPreference Preference { get; private set; } = LayerPreference.Best;

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
        Preference = preference;
        Retarget(now);
    }

    /// <summary>To be called when what the source has changed.</summary>
    internal void Retarget(MonotonicTime now)
    {
        PublishedEncoding? target = _source?.Select(Preference);
        // Before the next source's first packet there is nothing to wait for: the one that is left goes on.
        if (target is null && _leaving is not null && !Preference.Paused)
            return;
        Forwarder.SetLimits(_source?.SpatialLimit(Preference) ?? int.MaxValue, Preference.MaxTemporal);
        Forwarder.SetTarget(target);
        AskForKeyFrame(now);
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
        if (_source is not null && Forwarder.Target is { } target)
            _source.RequestKeyFrame(target, now);
    }

    /// <summary>Ends what goes on until the source's first key frame, whether that has come or not.</summary>
    internal void Leave()
    {
        _leaving?.Remove(this);
        _leaving = null;
    }

    private void AskForKeyFrame(MonotonicTime now)
    {
        if (Forwarder.TakeKeyFrameWish())
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
}
