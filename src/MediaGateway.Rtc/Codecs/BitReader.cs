namespace MediaGateway.Rtc.Codecs;

/// <summary>Reads fields of bits, the most significant first. Total: beyond the end it fails and stays failed.</summary>
internal ref struct BitReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    public BitReader(ReadOnlySpan<byte> bytes, int position = 0)
    {
        _bytes = bytes;
        Position = position;
    }

    /// <summary>Bits read so far.</summary>
    public int Position { get; private set; }

    public readonly bool IsBeyondEnd => Position > _bytes.Length * 8;

    public bool ReadFlag() => Read(1) != 0;

    /// <summary>f(n) of the AV1 specification.</summary>
    /// <param name="count">1 to 32.</param>
    /// <returns>0 when the bits are not there.</returns>
    public uint Read(int count)
    {
        int start = Position;
        Position += count;
        if (IsBeyondEnd)
        {
            Position = _bytes.Length * 8 + 1;
            return 0;
        }
        ulong value = 0;
        for (int index = start / 8; index <= (Position - 1) / 8; index++)
            value = value << 8 | _bytes[index];
        return (uint)(value >> (7 - (Position - 1) % 8) & ((1UL << count) - 1));
    }

    /// <summary>
    /// ns(n) of the AV1 specification (section 4.10.7): a value below <paramref name="range"/> that need not be a power of 2.
    /// </summary>
    public int ReadNonSymmetric(int range)
    {
        int width = 32 - int.LeadingZeroCount(range);
        int shortValues = (1 << width) - range;
        int value = width > 1 ? (int)Read(width - 1) : 0;
        return value < shortValues ? value : (value << 1) - shortValues + (int)Read(1);
    }
}
