namespace MediaGateway.Rtc.Codecs;

/// <summary>The first byte of an AV1 payload (AV1 RTP specification section 4.4).</summary>
public readonly struct Av1AggregationHeader
{
    private readonly byte _bits;

    private Av1AggregationHeader(byte bits) => _bits = bits;

    /// <summary>Z: the first OBU element continues one of the previous packet.</summary>
    public bool ContinuesObu => (_bits & 0x80) != 0;

    /// <summary>Y: the last OBU element goes on in the next packet.</summary>
    public bool IsContinued => (_bits & 0x40) != 0;

    /// <summary>W: number of OBU elements, the last of them without a length; 0 when every one has a length.</summary>
    public int ElementCount => _bits >> 4 & 0x03;

    /// <summary>N: first packet of a coded video sequence.</summary>
    public bool StartsCodedVideoSequence => (_bits & 0x08) != 0;

    public static bool TryParse(ReadOnlySpan<byte> payload, out Av1AggregationHeader header)
    {
        // An aggregation header with no OBU element behind it is no AV1 packet.
        bool valid = payload.Length > 1;
        header = valid ? new Av1AggregationHeader(payload[0]) : default;
        return valid;
    }

    /// <summary>Type of the OBU that the first element begins; meaningless when it continues one.</summary>
    internal Av1ObuType FirstObuType(ReadOnlySpan<byte> payload)
    {
        int position = 1;
        if (ElementCount != 1)
        {
            // The element's length in LEB128: bytes with the top bit set go on.
            while (position < payload.Length && (payload[position] & 0x80) != 0)
                position++;
            position++;
        }
        return position < payload.Length ? (Av1ObuType)(payload[position] >> 3 & 0x0F) : Av1ObuType.None;
    }
}
