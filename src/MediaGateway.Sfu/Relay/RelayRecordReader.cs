using System.Buffers.Binary;
using System.Text;

namespace MediaGateway.Sfu.Relay;

/// <summary>
/// Reads a record, or a message in one. What is not there reads as 0 or empty, and the record is then not <see cref="IsValid"/>.
/// </summary>
internal ref struct RelayRecordReader
{
    private ReadOnlySpan<byte> _rest;

    public RelayRecordReader(ReadOnlySpan<byte> record)
    {
        _rest = record;
        IsValid = true;
    }

    /// <summary>True when all that was read so far was there.</summary>
    public bool IsValid { get; private set; }

    /// <summary>Bytes that have not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Marks the record as invalid: what was read makes no sense.</summary>
    public void Invalidate() => IsValid = false;

    public byte ReadByte() => Take(1, out ReadOnlySpan<byte> bytes) ? bytes[0] : (byte)0;

    public int ReadInt32() => Take(sizeof(int), out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    public long ReadInt64() => Take(sizeof(long), out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    public string ReadText()
    {
        int length = Take(sizeof(ushort), out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : 0;
        return Take(length, out ReadOnlySpan<byte> text) ? Encoding.UTF8.GetString(text) : "";
    }

    private bool Take(int length, out ReadOnlySpan<byte> bytes)
    {
        if (length > _rest.Length)
        {
            IsValid = false;
            _rest = default;
            bytes = default;
            return false;
        }
        bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
