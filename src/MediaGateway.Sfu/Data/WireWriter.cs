namespace MediaGateway.Sfu.Data;

/// <summary>Writes protobuf fields into a span that its user has made long enough.</summary>
internal ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    /// <summary>Length of a field that <see cref="WriteVarint(int, uint)"/> writes.</summary>
    public static int LengthOf(int number, uint value) => value == 0 ? 0 : TagLength(number) + VarintLength(value);

    /// <summary>Length of a field that <see cref="WriteBytes"/> writes.</summary>
    public static int LengthOf(int number, ReadOnlySpan<byte> value) => value.IsEmpty ? 0 : LengthOfValue(number, value.Length);

    /// <summary>Length of a length-delimited field, empty or not.</summary>
    public static int LengthOfValue(int number, int valueLength) => TagLength(number) + VarintLength((uint)valueLength) + valueLength;

    /// <summary>Writes a number; nothing for 0, as proto3 has it.</summary>
    public void WriteVarint(int number, uint value)
    {
        if (value == 0)
            return;
        WriteTag(number, WireType.Varint);
        WriteVarint(value);
    }

    /// <summary>Writes bytes; nothing for an empty value, as proto3 has it.</summary>
    public void WriteBytes(int number, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        WriteLength(number, value.Length);
        WriteEncoded(value);
    }

    /// <summary>Begins a length-delimited field whose value the caller writes next.</summary>
    public void WriteLength(int number, int valueLength)
    {
        WriteTag(number, WireType.LengthDelimited);
        WriteVarint((uint)valueLength);
    }

    /// <summary>Writes a field as it was read.</summary>
    public void WriteEncoded(ReadOnlySpan<byte> field)
    {
        field.CopyTo(_destination[Length..]);
        Length += field.Length;
    }

    private static uint TagOf(int number, WireType type) => ((uint)number << WireReader.TagTypeBits) | (uint)type;

    private static int TagLength(int number) => VarintLength(TagOf(number, default));

    private static int VarintLength(uint value)
    {
        int length = 1;
        for (; value >= 0x80; value >>= 7)
            length++;
        return length;
    }

    private void WriteTag(int number, WireType type) => WriteVarint(TagOf(number, type));

    private void WriteVarint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            _destination[Length++] = (byte)(value | 0x80);
        _destination[Length++] = (byte)value;
    }
}
