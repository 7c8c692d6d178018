namespace MediaGateway.Rtc.Rtp;

/// <summary>One header extension element (RFC 8285): its local identifier and its data, borrowed from the packet.</summary>
public readonly ref struct RtpExtension(byte id, ReadOnlySpan<byte> value)
{
    /// <summary>Local identifier as negotiated by <c>a=extmap</c>; never 0.</summary>
    public byte Id { get; } = id;

    public ReadOnlySpan<byte> Value { get; } = value;
}
