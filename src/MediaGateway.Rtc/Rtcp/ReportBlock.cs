using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>A reception report on one source (RFC 3550 section 6.4.1).</summary>
/// <param name="Ssrc">The source reported on.</param>
/// <param name="FractionLost">Packets lost since the previous report, in 1/256.</param>
/// <param name="CumulativeLost">Packets lost since the beginning; negative when duplicates outnumber losses. 24 bits on the wire.</param>
/// <param name="ExtendedHighestSequence">Sequence cycles above the highest sequence number received.</param>
/// <param name="Jitter">Interarrival jitter, in units of the media clock.</param>
/// <param name="LastSenderReport">Middle 32 bits of the NTP time in the last SR; 0 before the first.</param>
/// <param name="DelaySinceLastSenderReport">In units of 1/65536 s; 0 before the first SR.</param>
public readonly record struct ReportBlock(
    Ssrc Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint ExtendedHighestSequence,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 24;

    private const int GreatestLost = 0x7F_FFFF;
    private const int LeastLost = -0x80_0000;

    internal static ReportBlock Read(ReadOnlySpan<byte> source)
    {
        int lost = BinaryPrimitives.ReadInt32BigEndian(source[4..]);
        return new ReportBlock(
            new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(source)),
            FractionLost: source[4],
            CumulativeLost: lost << 8 >> 8,
            ExtendedHighestSequence: BinaryPrimitives.ReadUInt32BigEndian(source[8..]),
            Jitter: BinaryPrimitives.ReadUInt32BigEndian(source[12..]),
            LastSenderReport: BinaryPrimitives.ReadUInt32BigEndian(source[16..]),
            DelaySinceLastSenderReport: BinaryPrimitives.ReadUInt32BigEndian(source[20..]));
    }

    /// <summary>A loss count beyond 24 bits is clamped, as RFC 3550 appendix A.3 does.</summary>
    internal void Write(Span<byte> destination)
    {
        int lost = Math.Clamp(CumulativeLost, LeastLost, GreatestLost) & 0xFF_FFFF;
        BinaryPrimitives.WriteUInt32BigEndian(destination, Ssrc.Value);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], FractionLost << 24 | lost);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ExtendedHighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], DelaySinceLastSenderReport);
    }
}
