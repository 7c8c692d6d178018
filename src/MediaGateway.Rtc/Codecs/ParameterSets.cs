using System.Buffers.Binary;
using System.Collections.Immutable;

namespace MediaGateway.Rtc.Codecs;

/// <summary>
/// Parameter sets of an encoding at one moment, as the RTP payloads that bring them to a decoder: aggregated where that is shorter,
/// fragmented where one is too long (RFC 6184 sections 5.7.1 and 5.8, RFC 7798 sections 4.4.2 and 4.4.3). They never change, so that
/// a packet with one of them is the same whenever it is sent.
/// </summary>
public sealed class ParameterSets
{
    /// <summary>Longest payload, bytes: fits the smallest path that media go through (1200) with all headers and SRTP around it.</summary>
    public const int MaxPayload = 1100;

    private const int SizeLength = 2;

    private ParameterSets(ImmutableArray<byte[]> payloads) => Payloads = payloads;

    /// <summary>The payloads in the order in which they are sent; not to be changed.</summary>
    public ImmutableArray<byte[]> Payloads { get; }

    /// <param name="isH265">The codec.</param>
    /// <param name="units">The sets with their headers, each behind those that it refers to.</param>
    internal static ParameterSets Of(bool isH265, IReadOnlyList<byte[]> units)
    {
        var payloads = ImmutableArray.CreateBuilder<byte[]>();
        int header = NalUnits.HeaderLengthOf(isH265);
        for (int next = 0; next < units.Count;)
        {
            int first = next, length = header;
            for (; next < units.Count && length + SizeLength + units[next].Length <= MaxPayload; next++)
                length += SizeLength + units[next].Length;
            if (next - first > 1)
            {
                payloads.Add(Aggregate(isH265, units, first, next, length));
                continue;
            }
            next = first + 1;
            if (units[first].Length <= MaxPayload)
                payloads.Add(units[first]);
            else
                Fragment(isH265, units[first], payloads);
        }
        return new ParameterSets(payloads.ToImmutable());
    }

    private static byte[] Aggregate(bool isH265, IReadOnlyList<byte[]> units, int first, int end, int length)
    {
        byte[] payload = new byte[length];
        Span<byte> rest = payload.AsSpan(NalUnits.HeaderLengthOf(isH265));
        int importance = 0;
        for (int i = first; i < end; i++)
        {
            importance = Math.Max(importance, units[i][0] & 0x60);
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)units[i].Length);
            units[i].CopyTo(rest[SizeLength..]);
            rest = rest[(SizeLength + units[i].Length)..];
        }
        WriteHeader(isH265, payload, units[first], (byte)H264NalUnitType.StapA, (byte)H265NalUnitType.AggregationPacket);
        if (!isH265)
            payload[0] = (byte)(importance | (byte)H264NalUnitType.StapA);
        return payload;
    }

    private static void Fragment(bool isH265, byte[] unit, ImmutableArray<byte[]>.Builder payloads)
    {
        int header = NalUnits.HeaderLengthOf(isH265), most = MaxPayload - header - 1;
        byte type = (byte)(isH265 ? unit[0] >> 1 & 0x3F : unit[0] & 0x1F);
        for (int offset = header; offset < unit.Length; offset += most)
        {
            int length = Math.Min(most, unit.Length - offset);
            byte[] payload = new byte[header + 1 + length];
            WriteHeader(isH265, payload, unit, (byte)H264NalUnitType.FuA, (byte)H265NalUnitType.FragmentationUnit);
            payload[header] = (byte)((offset == header ? 0x80 : 0) | (offset + length == unit.Length ? 0x40 : 0) | type);
            unit.AsSpan(offset, length).CopyTo(payload.AsSpan(header + 1));
            payloads.Add(payload);
        }
    }

    private static void WriteHeader(bool isH265, byte[] payload, byte[] unit, byte h264, byte h265)
    {
        payload[0] = (byte)(isH265 ? (unit[0] & 0x81) | h265 << 1 : (unit[0] & 0xE0) | h264);
        if (isH265)
            payload[1] = unit[1];
    }
}
