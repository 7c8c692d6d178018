using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// View of one encoding, in one codec, by one subscriber from one switch to the next: constants only. The plan
/// for a packet depends on them and those of its run and on nothing else, so that a retransmission is the same packet.
/// </summary>
public sealed class ForwardingSource
{
    private readonly RtpCodec _subscriberCodec;
    private readonly ExtensionTranslation _extensions;
    private readonly bool _unwrapRed;

    internal ForwardingSource(PublishedEncoding encoding, RtpCodec publisherCodec, RtpCodec subscriberCodec,
        ExtensionTranslation extensions)
    {
        Encoding = encoding;
        PublisherCodec = publisherCodec;
        _subscriberCodec = subscriberCodec;
        _extensions = extensions;
        _unwrapRed = publisherCodec.Kind == CodecKind.Red && subscriberCodec.Kind == CodecKind.Opus;
    }

    public PublishedEncoding Encoding { get; }

    public RtpCodec PublisherCodec { get; }

    /// <summary>Offset of outgoing timestamps from the publisher's, modulo 2^32.</summary>
    public uint TimestampOffset { get; init; }

    /// <summary>Offset of outgoing TL0PICIDX values, modulo 256.</summary>
    public byte Tl0PicIdxOffset { get; init; }

    /// <summary>Offset of outgoing frame numbers in the dependency descriptor, modulo 2^16.</summary>
    public ushort FrameNumberOffset { get; init; }

    /// <summary>True when the first packet carries the marker that begins a talk spurt (RFC 3551 section 4.1).</summary>
    public bool MarksFirstPacket { get; init; }

    public ExtendedSequence First { get; init; }

    /// <summary>Fetches what plans are made of; see <see cref="IPrefetcher"/>.</summary>
    internal void Prefetch(IPrefetcher prefetcher)
    {
        prefetcher.Prefetch(_subscriberCodec, 2);
        prefetcher.Prefetch(_extensions, 1);
    }

    /// <summary>Reads a packet's layers again, by a run's own structure.</summary>
    internal FrameLayers ReadLayers(in RtpPacketView packet, in RunConstants run) => FrameLayers.Read(
        PublisherCodec.Kind, packet.Payload, packet.Marker, Encoding.DescriptorOf(packet), run.Filter.Structure, activeTargets: 0);

    /// <summary>Plans how a packet is sent that goes out whole, and is not the publisher's.</summary>
    /// <param name="outgoing">Its number.</param>
    /// <param name="timestamp">The publisher's timestamp that it belongs to.</param>
    internal RewritePlan PlanOf(ExtendedSequence outgoing, RtpTimestamp timestamp) => new()
    {
        Sequence = outgoing,
        Timestamp = timestamp + TimestampOffset,
        PayloadType = _subscriberCodec.PayloadType,
        RetransmissionPayloadType = _subscriberCodec.RetransmissionPayloadType,
    };

    /// <summary>Plans how a packet of a run is sent. False when the payload cannot be taken apart as its codec demands.</summary>
    internal bool TryPlan(
        ExtendedSequence incoming, ExtendedSequence outgoing, in RtpPacketView packet, in FrameLayers layers, in RunConstants run,
        out RewritePlan plan)
    {
        plan = PlanOf(outgoing, packet.Timestamp);
        if (packet.Payload.IsEmpty || !run.Filter.Admits(layers))
        {
            // It came too late for its number to be closed up: an empty packet tells the receiver that nothing is missing.
            plan.PayloadSkip = packet.Payload.Length;
            return true;
        }
        plan.Marker = packet.Marker || run.Filter.EndsPicture(layers) || (MarksFirstPacket && incoming == First);
        plan.Picture = layers.Picture.Shift(run.PictureIdOffset, Tl0PicIdxOffset);
        plan.Extensions = _extensions;
        plan.FrameNumberOffset = FrameNumberOffset;
        return !_unwrapRed || TryUnwrapRed(packet, ref plan);
    }

    private static bool TryUnwrapRed(in RtpPacketView packet, ref RewritePlan plan)
    {
        if (!RedPayload.TryParse(packet.Payload, out RedPayload red))
            return false;
        plan.PayloadSkip = packet.Payload.Length - red.Primary.Length;
        return true;
    }
}
