using System.Buffers.Binary;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Plan of how one packet is rewritten for one subscriber: computed by <see cref="Forwarder"/>, written into the slot that
/// <see cref="RtpSender"/> opens. The same packet always yields the same plan, so that a retransmission without RTX is the same
/// plaintext under the same SRTP index, and AES-GCM's nonce is never used for two.
/// </summary>
public struct RewritePlan
{
    public ExtendedSequence Sequence { get; set; }
    public RtpTimestamp Timestamp { get; set; }
    public PayloadType PayloadType { get; set; }

    /// <summary>RTX payload type for retransmissions; null when the subscriber has none for this codec.</summary>
    public PayloadType? RetransmissionPayloadType { get; set; }

    public bool Marker { get; set; }

    /// <summary>Leading payload bytes that stay behind (a RED header that the subscriber does not take).</summary>
    public int PayloadSkip { get; set; }

    /// <summary>The VP8 or VP9 numbers that stand in the payload instead of the publisher's; empty to leave those.</summary>
    public PictureNumbers Picture { get; set; }

    public ExtensionTranslation? Extensions { get; set; }

    /// <summary>Added to the dependency descriptor's frame number, modulo 2^16.</summary>
    public ushort FrameNumberOffset { get; set; }

    /// <summary>
    /// Number of packets with parameter sets that go out right before this one, under the numbers right before its own; 0 when it is
    /// sent again.
    /// </summary>
    public int PrecedingSets { get; set; }

    private readonly OutgoingHeader Header => new(Sequence, Timestamp, PayloadType, Marker);

    /// <summary>Sends a source's packet as the plan says.</summary>
    public readonly DropReason Send(RtpSender sender, in RtpPacketView source, MonotonicTime now)
    {
        DropReason reason = sender.Open(Header, now, out OutgoingPacket packet);
        return reason == DropReason.None ? Write(sender, ref packet, source) : reason;
    }

    /// <summary>Sends a packet again that was sent by the same plan before.</summary>
    public readonly DropReason Resend(RtpSender sender, in RtpPacketView source, MonotonicTime now)
    {
        DropReason reason = sender.Reopen(Header, RetransmissionPayloadType, source.Payload.Length, now, out OutgoingPacket packet);
        return reason == DropReason.None ? Write(sender, ref packet, source) : reason;
    }

    /// <summary>Sends a packet that was sent by the same plan before once more, to fill a probe; needs an RTX stream.</summary>
    public readonly DropReason SendAsFiller(RtpSender sender, in RtpPacketView source, MonotonicTime now)
    {
        DropReason reason = sender.ReopenAsFiller(Header, RetransmissionPayloadType, now, out OutgoingPacket packet);
        return reason == DropReason.None ? Write(sender, ref packet, source) : reason;
    }

    /// <summary>Returns the part of the source's payload that goes out.</summary>
    public readonly ReadOnlySpan<byte> PayloadOf(in RtpPacketView source) => source.Payload[PayloadSkip..];

    /// <summary>Writes the header extension elements that pass.</summary>
    public readonly void WriteExtensions(ref RtpPacketWriter writer, in RtpPacketView source)
    {
        if (Extensions is not { } translation)
            return;
        foreach (RtpExtension element in source.GetExtensions())
        {
            byte id = translation.IdOf(element.Id);
            if (id == 0)
                continue;
            if (element.Id == translation.DependencyDescriptorId && FrameNumberOffset != 0)
                WriteDependencyDescriptor(ref writer, id, element.Value);
            else
                writer.WriteExtension(id, element.Value);
        }
    }

    /// <summary>Writes the payload; the destination is as long as <see cref="PayloadOf"/>.</summary>
    public readonly void WritePayload(Span<byte> destination, in RtpPacketView source)
    {
        PayloadOf(source).CopyTo(destination);
        Picture.WriteTo(destination);
    }

    private readonly DropReason Write(RtpSender sender, ref OutgoingPacket packet, in RtpPacketView source)
    {
        WriteExtensions(ref packet.Header, source);
        if (!packet.TryBeginPayload(PayloadOf(source).Length, out Span<byte> payload))
            return DropReason.TooLong;
        WritePayload(payload, source);
        sender.Commit(packet);
        return DropReason.None;
    }

    /// <summary>The frame number is bits 8 to 23 of the descriptor's mandatory fields (AV1 RTP specification, A.8.2).</summary>
    private readonly void WriteDependencyDescriptor(ref RtpPacketWriter writer, byte id, ReadOnlySpan<byte> value)
    {
        if (value.Length < 3)
            return;
        Span<byte> copy = stackalloc byte[byte.MaxValue];
        copy = copy[..value.Length];
        value.CopyTo(copy);
        ushort number = BinaryPrimitives.ReadUInt16BigEndian(copy[1..]);
        BinaryPrimitives.WriteUInt16BigEndian(copy[1..], (ushort)(number + FrameNumberOffset));
        writer.WriteExtension(id, copy);
    }
}
