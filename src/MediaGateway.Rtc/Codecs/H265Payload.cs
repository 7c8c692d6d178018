using System.Buffers.Binary;

namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// H.265 in RTP (RFC 7798): single NAL units, aggregation packets and fragmentation units, without decoding order
/// numbers, which only a negotiated sprop-max-don-diff above 0 brings in.
/// </summary>
internal static class H265Payload
{
    private const int HeaderLength = 2;
    private const int SizeLength = 2;
    private const byte FuStart = 0x80;

    /// <summary>True when a NAL unit of this type begins in the packet.</summary>
    public static bool Starts(ReadOnlySpan<byte> payload, H265NalUnitType type)
    {
        if (payload.Length <= HeaderLength)
            return false;
        return TypeOf(payload[0]) switch
        {
            H265NalUnitType.AggregationPacket => AggregateHolds(payload[HeaderLength..], type),
            // The FU header behind the payload header: start, end, type (section 4.4.3).
            H265NalUnitType.FragmentationUnit =>
                (payload[HeaderLength] & FuStart) != 0 && (H265NalUnitType)(payload[HeaderLength] & 0x3F) == type,
            H265NalUnitType single => single == type,
        };
    }

    /// <summary>NAL units, each behind its size (section 4.4.2).</summary>
    private static bool AggregateHolds(ReadOnlySpan<byte> units, H265NalUnitType type)
    {
        while (units.Length > SizeLength)
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(units);
            if (size == 0 || units.Length < SizeLength + size)
                return false;
            if (TypeOf(units[SizeLength]) == type)
                return true;
            units = units[(SizeLength + size)..];
        }
        return false;
    }

    private static H265NalUnitType TypeOf(byte header) => (H265NalUnitType)(header >> 1 & 0x3F);
}
