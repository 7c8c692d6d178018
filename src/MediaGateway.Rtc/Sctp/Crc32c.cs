using System.Buffers.Binary;
using System.Numerics;

namespace MediaGateway.Rtc.Sctp;

/// <summary>The CRC of RFC 9260 appendix A (Castagnoli's polynomial), with the processor's instruction where it has one.</summary>
internal static class Crc32c
{
    private const int FieldOffset = 8;
    private const int FieldLength = sizeof(uint);

    public static uint Compute(ReadOnlySpan<byte> data) => ~Update(uint.MaxValue, data);

    /// <summary>Computes the checksum of an SCTP packet, whose checksum field counts as zero.</summary>
    public static uint OfPacket(ReadOnlySpan<byte> packet)
    {
        uint crc = Update(uint.MaxValue, packet[..FieldOffset]);
        crc = BitOperations.Crc32C(crc, 0u);
        return ~Update(crc, packet[(FieldOffset + FieldLength)..]);
    }

    /// <summary>The checksum that a packet carries. The CRC's bits leave lowest byte first.</summary>
    public static uint Read(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32LittleEndian(packet[FieldOffset..]);

    public static void Write(Span<byte> packet) => BinaryPrimitives.WriteUInt32LittleEndian(packet[FieldOffset..], OfPacket(packet));

    private static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (byte value in data)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
