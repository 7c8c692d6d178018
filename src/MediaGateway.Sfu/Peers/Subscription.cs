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

    /// <summary>Takes another source, or none. The stream goes on at its first key frame.</summary>
    internal void SetSource(Publication? source, MonotonicTime now)
    {
        if (source == _source)
            return;
        _source?.Remove(this);
        _source = source;
        source?.Add(this);
        Forwarder.SetTarget(source?.Best, source?.Extensions ?? HeaderExtensionMap.Empty);
        RequestKeyFrame(now);
    }

    internal void SelectEncoding(PublishedEncoding encoding, MonotonicTime now)
    {
        Forwarder.SetTarget(encoding, _source!.Extensions);
        RequestKeyFrame(now);
    }

    internal void OnPacket(PublishedEncoding encoding, in MediaPacket packet, bool startsKeyFrame, MonotonicTime now)
    {
        if (!Sender.CanSend)
        {
            // Before it can be sent nothing is planned: the stream must begin with a key frame that arrives.
            _drops.Count(DropReason.NotConnected);
            return;
        }
        DropReason reason = Forwarder.Plan(encoding, packet, startsKeyFrame, now, out RewritePlan plan);
        if (reason == DropReason.None)
        {
            reason = Sender.Send(plan, packet.View);
            Sender.Timing = Forwarder.Timing;
        }
        if (reason != DropReason.None)
            _drops.Count(reason);
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
}
