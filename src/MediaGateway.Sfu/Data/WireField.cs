namespace MediaGateway.Sfu.Data;

/// <summary>One field of a protobuf message; borrows the message.</summary>
internal readonly ref struct WireField(int number, WireType type, ulong varint, ReadOnlySpan<byte> value, ReadOnlySpan<byte> encoded)
{
    public int Number { get; } = number;

    public WireType Type { get; } = type;

    /// <summary>The value of a <see cref="WireType.Varint"/>, else 0.</summary>
    public ulong Varint { get; } = varint;

    /// <summary>The value's bytes, without the length of a <see cref="WireType.LengthDelimited"/>.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>The whole field as it was sent: tag, length and value.</summary>
    public ReadOnlySpan<byte> Encoded { get; } = encoded;
}
