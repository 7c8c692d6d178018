using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Transport;

/// <summary>Gives a retransmission the header of the packet it carries (RFC 4588 section 4).</summary>
internal static class RtpPacketRestorer
{
    private const byte PaddingBit = 0x20;

    /// <param name="packet">Header and original payload, padding cut off.</param>
    /// <param name="payloadType">The original's.</param>
    /// <param name="original">The original's.</param>
    /// <param name="ssrc">The primary stream's.</param>
    public static void Restore(Span<byte> packet, PayloadType payloadType, SequenceNumber original, Ssrc ssrc)
    {
        packet[0] = (byte)(packet[0] & ~PaddingBit);
        packet[1] = (byte)((packet[1] & 0x80) | payloadType.Value);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], original.Value);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc.Value);
    }
}
