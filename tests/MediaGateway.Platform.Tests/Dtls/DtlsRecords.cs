using System.Buffers.Binary;

namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>Writes DTLS records as an attacker would.</summary>
internal static class DtlsRecords
{
    internal const byte ChangeCipherSpec = 20, Alert = 21, Handshake = 22, ApplicationData = 23;
    internal const int HeaderLength = 13;

    internal static byte[] Record(byte type, ushort epoch, ulong sequence, ReadOnlySpan<byte> content, ushort version = 0xFEFD)
    {
        byte[] record = new byte[HeaderLength + content.Length];
        record[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(1), version);
        BinaryPrimitives.WriteUInt64BigEndian(record.AsSpan(3), (ulong)epoch << 48 | sequence);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)content.Length);
        content.CopyTo(record.AsSpan(HeaderLength));
        return record;
    }

    internal static byte[] Message(
        byte type, ReadOnlySpan<byte> fragment, int? length = null, int offset = 0, int? fragmentLength = null, ushort messageSequence = 0)
    {
        byte[] message = new byte[12 + fragment.Length];
        message[0] = type;
        WriteUInt24(message.AsSpan(1), length ?? fragment.Length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), messageSequence);
        WriteUInt24(message.AsSpan(6), offset);
        WriteUInt24(message.AsSpan(9), fragmentLength ?? fragment.Length);
        fragment.CopyTo(message.AsSpan(12));
        return message;
    }

    /// <summary>Cuts a datagram holding one whole plaintext handshake message into records of small fragments.</summary>
    internal static byte[][] Refragment(ReadOnlySpan<byte> datagram, int size)
    {
        byte type = datagram[HeaderLength];
        byte[] body = datagram[(HeaderLength + 12)..].ToArray();
        return [.. body.Chunk(size).Select((part, i) =>
            Record(Handshake, 0, (ulong)i, Message(type, part, body.Length, i * size), version: 0xFEFF))];
    }

    internal static ushort EpochOf(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]);

    private static void WriteUInt24(Span<byte> destination, int value)
    {
        destination[0] = (byte)(value >> 16);
        destination[1] = (byte)(value >> 8);
        destination[2] = (byte)value;
    }
}
