using System.Buffers.Binary;
using System.Numerics;

namespace MediaGateway.Rtc.Sctp;

/// <summary>Set of received TSNs: a cumulative point, and a bit for each of the <see cref="MaxSpan"/> TSNs after it.</summary>
internal sealed class ReceivedTsns
{
    /// <summary>Largest distance of a TSN from the cumulative point.</summary>
    public const int MaxSpan = 4096;

    private const int WordBits = 64;

    private readonly ulong[] _bits = new ulong[MaxSpan / WordBits];

    public ReceivedTsns(Tsn initial) => Cumulative = Highest = initial - 1;

    /// <summary>All up to it have come, or were skipped.</summary>
    public Tsn Cumulative { get; private set; }

    public Tsn Highest { get; private set; }

    public bool HasGaps => Highest != Cumulative;

    public bool Contains(Tsn tsn) => tsn <= Cumulative || (IsInSpan(tsn) && (WordOf(tsn) & BitOf(tsn)) != 0);

    public bool IsInSpan(Tsn tsn) => tsn.DistanceFrom(Cumulative) is > 0 and <= MaxSpan;

    /// <summary>A TSN in span.</summary>
    public void Add(Tsn tsn)
    {
        WordOf(tsn) |= BitOf(tsn);
        if (tsn > Highest)
            Highest = tsn;
        Advance();
    }

    /// <summary>Moves the cumulative point to at least <paramref name="tsn"/> (RFC 3758 section 3.6).</summary>
    public void SkipTo(Tsn tsn)
    {
        if (tsn <= Cumulative)
            return;
        int steps = Math.Min(tsn.DistanceFrom(Cumulative), MaxSpan);
        for (int i = 1; i <= steps; i++)
            WordOf(Cumulative + i) &= ~BitOf(Cumulative + i);
        Cumulative = tsn;
        if (tsn > Highest)
            Highest = tsn;
        Advance();
    }

    /// <summary>Writes gap blocks (RFC 9260 section 3.3.4), the lowest ones first, as many as fit; returns how many.</summary>
    public int WriteGapBlocks(Span<byte> destination)
    {
        int count = 0, end = Highest.DistanceFrom(Cumulative);
        int start = Find(1, end, present: true);
        while (start <= end && destination.Length >= SackChunk.GapBlockLength)
        {
            int next = Find(start, end, present: false);
            BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)start);
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(next - 1));
            destination = destination[SackChunk.GapBlockLength..];
            count++;
            start = Find(next, end, present: true);
        }
        return count;
    }

    /// <summary>The first offset from the cumulative point that has come, or has not; beyond the end when there is none.</summary>
    private int Find(int offset, int end, bool present)
    {
        while (offset <= end)
        {
            Tsn tsn = Cumulative + offset;
            int bit = (int)(tsn.Value % WordBits);
            ulong word = (present ? WordOf(tsn) : ~WordOf(tsn)) >> bit;
            if (word != 0)
                return Math.Min(offset + BitOperations.TrailingZeroCount(word), end + 1);
            offset += WordBits - bit;
        }
        return end + 1;
    }

    private void Advance()
    {
        while (Highest > Cumulative && (WordOf(Cumulative + 1) & BitOf(Cumulative + 1)) != 0)
        {
            Cumulative += 1;
            WordOf(Cumulative) &= ~BitOf(Cumulative);
        }
    }

    private ref ulong WordOf(Tsn tsn) => ref _bits[tsn.Value / WordBits % (MaxSpan / WordBits)];

    private static ulong BitOf(Tsn tsn) => 1UL << (int)(tsn.Value % WordBits);
}
