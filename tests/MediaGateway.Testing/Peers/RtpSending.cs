using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Testing.Peers;

/// <summary>Sending of a payload that lies in memory, as publishers of tests do it.</summary>
public static class RtpSending
{
    /// <summary>Sends a packet with at most one header extension element beside the MID.</summary>
    public static DropReason Send(this RtpSender sender, in OutgoingHeader header, ReadOnlySpan<byte> payload, MonotonicTime now,
        byte elementId = 0, ReadOnlySpan<byte> element = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        DropReason reason = sender.Open(header, now, out OutgoingPacket packet);
        return reason == DropReason.None ? Write(sender, ref packet, payload, elementId, element) : reason;
    }

    /// <summary>Sends such a packet again, on the RTX stream of its codec where there is one.</summary>
    public static DropReason Resend(this RtpSender sender, in OutgoingHeader header, ReadOnlySpan<byte> payload, MonotonicTime now,
        byte elementId = 0, ReadOnlySpan<byte> element = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        PayloadType payloadType = header.PayloadType;
        PayloadType? retransmission = sender.Codecs.First(codec => codec.PayloadType == payloadType).RetransmissionPayloadType;
        DropReason reason = sender.Reopen(header, retransmission, payload.Length, now, out OutgoingPacket packet);
        return reason == DropReason.None ? Write(sender, ref packet, payload, elementId, element) : reason;
    }

    private static DropReason Write(RtpSender sender, ref OutgoingPacket packet, ReadOnlySpan<byte> payload, byte elementId,
        ReadOnlySpan<byte> element)
    {
        if (elementId != 0)
            packet.Header.WriteExtension(elementId, element);
        if (!packet.TryBeginPayload(payload.Length, out Span<byte> destination))
            return DropReason.TooLong;
        payload.CopyTo(destination);
        sender.Commit(packet);
        return DropReason.None;
    }
}
