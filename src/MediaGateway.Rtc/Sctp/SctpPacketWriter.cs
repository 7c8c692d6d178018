using System.Buffers.Binary;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Writes one SCTP packet into a borrowed buffer. A buffer that is too small is the caller's bug: it asks for
/// <see cref="Room"/> first.
/// </summary>
internal ref struct SctpPacketWriter
{
    private readonly Span<byte> _buffer;

    public SctpPacketWriter(Span<byte> buffer, ushort sourcePort, ushort destinationPort, uint verificationTag)
    {
        _buffer = buffer;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], verificationTag);
        Length = SctpPacketReader.HeaderLength;
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public readonly bool IsEmpty => Length == SctpPacketReader.HeaderLength;

    /// <summary>Longest value that a further chunk can have; negative when there is no room for a chunk at all.</summary>
    public readonly int Room => ((_buffer.Length - Length) & ~3) - SctpChunk.HeaderLength;

    /// <summary>Begins a chunk; the caller fills the whole of what is returned.</summary>
    public Span<byte> Append(SctpChunkType type, byte flags, int valueLength)
    {
        int length = SctpChunk.HeaderLength + valueLength;
        Span<byte> chunk = _buffer.Slice(Length, SctpPacketReader.Padded(length));
        chunk[0] = (byte)type;
        chunk[1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], (ushort)length);
        chunk[length..].Clear();
        Length += chunk.Length;
        return chunk.Slice(SctpChunk.HeaderLength, valueLength);
    }

    public void Append(SctpChunkType type, byte flags, scoped ReadOnlySpan<byte> value) => value.CopyTo(Append(type, flags, value.Length));

    /// <summary>Adds the checksum.</summary>
    public readonly ReadOnlySpan<byte> Finish()
    {
        Span<byte> packet = _buffer[..Length];
        Crc32c.Write(packet);
        return packet;
    }
}
