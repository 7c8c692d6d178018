namespace MediaGateway.Rtc.Rtcp;

/// <summary>One packet of a compound (RFC 3550 section 6.4): its common header and its body, borrowed from the buffer.</summary>
public readonly ref struct RtcpPacketView(RtcpPacketType type, byte count, ReadOnlySpan<byte> body)
{
    public RtcpPacketType Type { get; } = type;

    /// <summary>Report or source count; the format (FMT) of a feedback packet. 0-31.</summary>
    public byte Count { get; } = count;

    /// <summary>Bytes after the 4-byte header, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;
}
