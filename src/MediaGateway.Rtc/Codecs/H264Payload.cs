using System.Buffers.Binary;

namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// H.264 in RTP (RFC 6184), in the packetization modes 0 and 1 of WebRTC: single NAL units, STAP-A and FU-A. The
/// interleaved types (STAP-B, MTAP, FU-B) belong to mode 2, which is never negotiated.
/// </summary>
internal static class H264Payload
{
    private const int SizeLength = 2;
    private const byte TypeMask = 0x1F;
    private const byte FuStart = 0x80;

    /// <summary>True when a NAL unit of this type begins in the packet.</summary>
    public static bool Starts(ReadOnlySpan<byte> payload, H264NalUnitType type)
    {
        if (payload.IsEmpty)
            return false;
        return TypeOf(payload[0]) switch
        {
            H264NalUnitType.StapA => AggregateHolds(payload[1..], type),
            // The FU header behind the indicator: start, end, reserved, type (section 5.8).
            H264NalUnitType.FuA => payload.Length > 1 && (payload[1] & FuStart) != 0 && TypeOf(payload[1]) == type,
            H264NalUnitType single => single == type,
        };
    }

    /// <summary>NAL units, each behind its size (section 5.7.1).</summary>
    private static bool AggregateHolds(ReadOnlySpan<byte> units, H264NalUnitType type)
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

    private static H264NalUnitType TypeOf(byte header) => (H264NalUnitType)(header & TypeMask);
}
