using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).
/// Packets from <see cref="BaseSequence"/> on, <see cref="StatusCount"/> of them, that are not among the
/// <see cref="Arrivals"/> were not received. A packet of few bytes can report 65,535 lost ones: bound what you walk.
/// </summary>
public readonly ref struct TransportFeedbackView
{
    /// <summary>One unit of a receive delta, in ticks of 100 ns: 250 us.</summary>
    public const long DeltaTicks = 2500;

    /// <summary>Reference time counts in 64 ms: this many deltas.</summary>
    internal const int DeltasPerReference = 256;
    internal const int FixedLength = FeedbackHeader.Length + 8;
    internal const int ReferenceMask = 0xFF_FFFF;

    /// <summary>The receiver's clock wraps after this span (24 bits of 64 ms, about 12 days).</summary>
    public static readonly TimeSpan ClockPeriod = new((ReferenceMask + 1L) * DeltasPerReference * DeltaTicks);

    private readonly ReadOnlySpan<byte> _body;
    private readonly int _deltaOffset;

    private TransportFeedbackView(ReadOnlySpan<byte> body, int deltaOffset)
    {
        _body = body;
        _deltaOffset = deltaOffset;
    }

    public Ssrc Sender => FeedbackHeader.Sender(_body);

    public Ssrc Media => FeedbackHeader.Media(_body);

    public SequenceNumber BaseSequence => new(BinaryPrimitives.ReadUInt16BigEndian(_body[8..]));

    public ushort StatusCount => BinaryPrimitives.ReadUInt16BigEndian(_body[10..]);

    /// <summary>Time that the deltas start from, on the receiver's clock of unknown origin; less than <see cref="ClockPeriod"/>.</summary>
    public TimeSpan ReferenceTime => new(Reference * DeltasPerReference * DeltaTicks);

    /// <summary>Counts feedback packets, so that a lost one shows.</summary>
    public byte FeedbackCount => _body[15];

    /// <summary>The packets received, in order of sequence number.</summary>
    public PacketArrivalEnumerator Arrivals =>
        new(BaseSequence, StatusCount, Reference * DeltasPerReference, _body[FixedLength.._deltaOffset], _body[_deltaOffset..]);

    private long Reference => BinaryPrimitives.ReadUInt32BigEndian(_body[12..]) >> 8;

    /// <summary>Reads a packet, and verifies that its chunks and deltas are complete and use no reserved symbol.</summary>
    public static bool TryParse(scoped in RtcpPacketView packet, out TransportFeedbackView view)
    {
        view = default;
        if (!FeedbackHeader.Matches(
                packet,
                RtcpPacketType.TransportLayerFeedback,
                RtcpFeedbackFormat.TransportWide,
                FixedLength - FeedbackHeader.Length))
            return false;
        int remaining = BinaryPrimitives.ReadUInt16BigEndian(packet.Body[10..]);
        int offset = FixedLength;
        int deltaLength = 0;
        while (remaining > 0)
        {
            if (packet.Body.Length < offset + PacketStatusChunk.Length)
                return false;
            PacketStatusChunk chunk = new(BinaryPrimitives.ReadUInt16BigEndian(packet.Body[offset..]));
            int count = Math.Min(chunk.Capacity, remaining);
            if (!TryAddDeltaLength(chunk, count, ref deltaLength))
                return false;
            remaining -= count;
            offset += PacketStatusChunk.Length;
        }
        if (packet.Body.Length < offset + deltaLength)
            return false;
        view = new TransportFeedbackView(packet.Body[..(offset + deltaLength)], offset);
        return true;
    }

    private static bool TryAddDeltaLength(PacketStatusChunk chunk, int count, ref int length)
    {
        if (chunk.IsRun)
        {
            length += (int)chunk[0] * count;
            return chunk[0] != PacketStatus.Reserved;
        }
        for (int i = 0; i < count; i++)
        {
            if (chunk[i] == PacketStatus.Reserved)
                return false;
            length += (int)chunk[i];
        }
        return true;
    }
}
