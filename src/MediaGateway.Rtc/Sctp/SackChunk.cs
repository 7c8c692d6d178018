using System.Buffers.Binary;

namespace MediaGateway.Rtc.Sctp;

/// <summary>A SACK chunk (RFC 9260 section 3.3.4), its gap blocks borrowed from the packet.</summary>
internal readonly ref struct SackChunk
{
    public const int FieldsLength = 12;
    public const int GapBlockLength = 4;
    public const int DuplicateLength = 4;

    private readonly ReadOnlySpan<byte> _gapBlocks;

    /// <summary>An acknowledgement without gaps, as SHUTDOWN carries it.</summary>
    public SackChunk(Tsn cumulative, uint window)
        : this(cumulative, window, [])
    {
    }

    private SackChunk(Tsn cumulative, uint window, ReadOnlySpan<byte> gapBlocks)
    {
        Cumulative = cumulative;
        Window = window;
        _gapBlocks = gapBlocks;
    }

    public Tsn Cumulative { get; }

    /// <summary>Advertised receiver window credit, bytes.</summary>
    public uint Window { get; }

    public int GapBlockCount => _gapBlocks.Length / GapBlockLength;

    public static bool TryParse(ReadOnlySpan<byte> value, out SackChunk sack)
    {
        sack = default;
        if (value.Length < FieldsLength)
            return false;
        int gapBlocks = BinaryPrimitives.ReadUInt16BigEndian(value[8..]) * GapBlockLength;
        int duplicates = BinaryPrimitives.ReadUInt16BigEndian(value[10..]) * DuplicateLength;
        if (value.Length < FieldsLength + gapBlocks + duplicates)
            return false;
        sack = new SackChunk(
            new Tsn(BinaryPrimitives.ReadUInt32BigEndian(value)), BinaryPrimitives.ReadUInt32BigEndian(value[4..]),
                value.Slice(FieldsLength, gapBlocks));
        return true;
    }

    /// <summary>First and last TSN of a block, as offsets from <see cref="Cumulative"/>.</summary>
    public (int Start, int End) GapBlock(int index)
    {
        ReadOnlySpan<byte> block = _gapBlocks[(index * GapBlockLength)..];
        return (BinaryPrimitives.ReadUInt16BigEndian(block), BinaryPrimitives.ReadUInt16BigEndian(block[2..]));
    }
}
