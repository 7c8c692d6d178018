using System.Buffers.Binary;
using System.Text;

namespace MediaGateway.Sfu.Relay;

/// <summary>Writes a record, or a message in one: numbers (little endian) and texts (16 bits of length, then UTF-8).</summary>
internal ref struct RelayRecordWriter
{
    private readonly Span<byte> _destination;

    public RelayRecordWriter(Span<byte> destination) => _destination = destination;

    public RelayRecordWriter(Span<byte> destination, RelayRecordKind kind)
        : this(destination) => WriteByte((byte)kind);

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    public void WriteByte(byte value) => _destination[Length++] = value;

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_destination[Length..], value);
        Length += sizeof(int);
    }

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_destination[Length..], value);
        Length += sizeof(long);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }

    public void WriteText(string text)
    {
        int length = Encoding.UTF8.GetBytes(text, _destination[(Length + sizeof(ushort))..]);
        BinaryPrimitives.WriteUInt16LittleEndian(_destination[Length..], (ushort)length);
        Length += sizeof(ushort) + length;
    }
}
