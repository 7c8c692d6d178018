using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>Makes of what came the packet that it stands for.</summary>
internal static class RtpPacketRestorer
{
    private const byte PaddingBit = 0x20;

    /// <summary>The packet without padding, and without the bit that announces it (RFC 3550 section 5.1).</summary>
    public static Span<byte> RemovePadding(Span<byte> packet, int paddingLength)
    {
        packet[0] = (byte)(packet[0] & ~PaddingBit);
        return packet[..^paddingLength];
    }

    /// <summary>Gives a retransmission the header of the packet it carries (RFC 4588 section 4).</summary>
    /// <param name="packet">Header and original payload, without padding.</param>
    /// <param name="payloadType">The original's.</param>
    /// <param name="original">The original's.</param>
    /// <param name="ssrc">The primary stream's.</param>
    public static void Restore(Span<byte> packet, PayloadType payloadType, SequenceNumber original, Ssrc ssrc)
    {
        packet[1] = (byte)((packet[1] & 0x80) | payloadType.Value);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], original.Value);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc.Value);
    }
}
