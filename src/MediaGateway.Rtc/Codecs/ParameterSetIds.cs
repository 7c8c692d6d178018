namespace MediaGateway.Rtc.Codecs;

/// <summary>The numbers by which parameter sets and slices of H.264 and H.265 refer to each other.</summary>
internal static class ParameterSetIds
{
    /// <summary>Bytes of a unit that are looked at: the numbers stand at its beginning, in H.265 behind profiles and levels.</summary>
    private const int MaxBytes = 128;

    // profile_tier_level (H.265 section 7.3.3), without the level of the highest sub-layer.
    private const int GeneralProfileBits = 88;
    private const int LevelBits = 8;

    /// <summary>Reads the number of a parameter set and that of the one it refers to. False for a unit that is none.</summary>
    /// <param name="isH265">The codec.</param>
    /// <param name="kind">What the unit's type says it is.</param>
    /// <param name="body">The bytes behind the unit's header.</param>
    /// <param name="id">Its number among those of its kind.</param>
    /// <param name="parent">Number of the set of the kind before; 0 for the first kind.</param>
    public static bool TryReadSet(bool isH265, ParameterSetKind kind, ReadOnlySpan<byte> body, out int id, out int parent)
    {
        Span<byte> unescaped = stackalloc byte[MaxBytes];
        var reader = new BitReader(Unescape(body, unescaped));
        parent = 0;
        switch (kind)
        {
            case ParameterSetKind.Video:
                id = (int)reader.Read(4);
                break;
            case ParameterSetKind.Sequence when isH265:
                parent = (int)reader.Read(4);
                SkipProfiles(ref reader);
                id = ReadExpGolomb(ref reader);
                break;
            case ParameterSetKind.Sequence:
                // profile_idc, the constraint flags and level_idc (H.264 section 7.3.2.1.1).
                reader.Read(24);
                id = ReadExpGolomb(ref reader);
                break;
            default:
                id = ReadExpGolomb(ref reader);
                parent = ReadExpGolomb(ref reader);
                break;
        }
        return id >= 0 && parent >= 0 && !reader.IsBeyondEnd;
    }

    /// <summary>Reads which picture parameter set a slice names. False unless the slice is the first of its picture.</summary>
    public static bool TryReadFirstSlice(bool isH265, ReadOnlySpan<byte> body, out int picture)
    {
        Span<byte> unescaped = stackalloc byte[MaxBytes];
        var reader = new BitReader(Unescape(body, unescaped));
        bool isFirst;
        if (isH265)
        {
            // first_slice_segment_in_pic_flag, no_output_of_prior_pics_flag (H.265 section 7.3.6.1).
            isFirst = reader.ReadFlag();
            reader.ReadFlag();
        }
        else
        {
            // first_mb_in_slice, slice_type (H.264 section 7.3.3).
            isFirst = ReadExpGolomb(ref reader) == 0;
            ReadExpGolomb(ref reader);
        }
        picture = ReadExpGolomb(ref reader);
        return isFirst && picture >= 0 && !reader.IsBeyondEnd;
    }

    /// <summary>Takes out the bytes that keep start codes from appearing (H.264 section 7.4.1, H.265 section 7.4.2).</summary>
    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> body, Span<byte> destination)
    {
        int length = 0, zeros = 0;
        foreach (byte value in body)
        {
            if (zeros >= 2 && value == 3)
            {
                zeros = 0;
                continue;
            }
            if (length == destination.Length)
                break;
            zeros = value == 0 ? zeros + 1 : 0;
            destination[length++] = value;
        }
        return destination[..length];
    }

    /// <summary>Skips what is left of the profiles and levels in front of an SPS's number (H.265 sections 7.3.2.2 and 7.3.3).</summary>
    private static void SkipProfiles(ref BitReader reader)
    {
        int subLayers = (int)reader.Read(3);
        reader.ReadFlag();
        Skip(ref reader, GeneralProfileBits + LevelBits);
        // Two flags for each of eight sub-layers.
        uint present = subLayers > 0 ? reader.Read(16) : 0;
        for (int i = 0; i < subLayers; i++, present <<= 2)
            Skip(ref reader, ((present & 0x8000) != 0 ? GeneralProfileBits : 0) + ((present & 0x4000) != 0 ? LevelBits : 0));
    }

    private static void Skip(ref BitReader reader, int bits)
    {
        for (; bits > 0; bits -= 8)
            reader.Read(8);
    }

    /// <summary>Reads ue(v) (H.264 section 9.1, H.265 section 9.2); -1 for more leading zeros than any number here has.</summary>
    private static int ReadExpGolomb(ref BitReader reader)
    {
        int zeros = 0;
        while (!reader.IsBeyondEnd && !reader.ReadFlag())
        {
            if (++zeros > 16)
                return -1;
        }
        return zeros == 0 ? 0 : (1 << zeros) - 1 + (int)reader.Read(zeros);
    }
}
