namespace MediaGateway.Rtc.Sctp;

/// <summary>One chunk, borrowed from its packet.</summary>
internal readonly ref struct SctpChunk(SctpChunkType type, byte flags, ReadOnlySpan<byte> value)
{
    public const int HeaderLength = 4;

    /// <summary>T bit of ABORT and SHUTDOWN COMPLETE: the tag is the receiver's own (RFC 9260 section 8.5.1).</summary>
    public const byte ReflectedTag = 1;

    public SctpChunkType Type { get; } = type;

    public byte Flags { get; } = flags;

    /// <summary>Bytes after the chunk header, without padding.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>RFC 9260 section 3.2: what the highest bit of an unknown type says about the chunks after it.</summary>
    public bool StopsUnknown => ((byte)Type & 0x80) == 0;
}
