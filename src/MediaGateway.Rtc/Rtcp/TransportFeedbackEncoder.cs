using System.Buffers.Binary;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// Encodes arrival times as chunks and deltas (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1): one
/// pass plans how many packets fit, a second writes them, since the deltas stand behind chunks of a number that is
/// known only at the end. Times are rounded to the grid of 250 us one by one, so errors do not add up.
/// </summary>
internal ref struct TransportFeedbackEncoder
{
    private readonly ReadOnlySpan<long> _arrivals;
    private PacketStatusChunkBuilder _pending;
    private long _time;
    private int _chunkLength;
    private int _deltaLength;

    /// <param name="arrivals">Ticks of 100 ns, or <see cref="RtcpWriter.NotReceived"/>.</param>
    /// <param name="available">Bytes for chunks, deltas and padding.</param>
    public TransportFeedbackEncoder(ReadOnlySpan<long> arrivals, int available)
    {
        _arrivals = arrivals[..Math.Min(arrivals.Length, ushort.MaxValue)];
        Plan(available);
    }

    /// <summary>Packets of the longest prefix that one feedback can hold; 0 when none of them was received.</summary>
    public int Count { get; private set; }

    /// <summary>Reference time, in units of 64 ms.</summary>
    public long Reference { get; private set; }

    /// <summary>Bytes of chunks, deltas and padding; a multiple of 4.</summary>
    public readonly int Length => RoundUp(_chunkLength + _deltaLength);

    public void Write(Span<byte> destination)
    {
        Span<byte> chunks = destination[.._chunkLength];
        Span<byte> deltas = destination[_chunkLength..];
        _pending = default;
        _time = Reference * TransportFeedbackView.DeltasPerReference;
        foreach (long arrival in _arrivals[..Count])
        {
            PacketStatus status = StatusOf(arrival, out long delta);
            if (!_pending.CanAdd(status))
                chunks = Append(chunks, _pending.Emit());
            _pending.Add(status);
            if (status == PacketStatus.SmallDelta)
                deltas[0] = (byte)delta;
            else if (status == PacketStatus.LargeOrNegativeDelta)
                BinaryPrimitives.WriteInt16BigEndian(deltas, (short)delta);
            deltas = deltas[(int)status..];
            _time += delta;
        }
        Append(chunks, _pending.EmitLast());
        deltas.Clear();
    }

    private void Plan(int available)
    {
        int first = _arrivals.IndexOfAnyExcept(RtcpWriter.NotReceived);
        if (first < 0)
            return;
        Reference = ToDeltas(_arrivals[first]) >> 8;
        _time = Reference * TransportFeedbackView.DeltasPerReference;
        int emitted = 0;
        foreach (long arrival in _arrivals)
        {
            PacketStatus status = StatusOf(arrival, out long delta);
            bool emits = !_pending.CanAdd(status);
            // What is pending becomes one more chunk.
            int chunkLength = (emitted + (emits ? 2 : 1)) * PacketStatusChunk.Length;
            int deltaLength = _deltaLength + (int)status;
            if (status == PacketStatus.Reserved || RoundUp(chunkLength + deltaLength) > available)
                break;
            if (emits)
            {
                _pending.Emit();
                emitted++;
            }
            _pending.Add(status);
            _chunkLength = chunkLength;
            _deltaLength = deltaLength;
            _time += delta;
            Count++;
        }
        if (_deltaLength == 0)
            Count = 0;
    }

    /// <summary>The symbol for a packet, given the one before; <see cref="PacketStatus.Reserved"/> when 16 bits do not reach it.</summary>
    private readonly PacketStatus StatusOf(long arrival, out long delta)
    {
        delta = 0;
        if (arrival == RtcpWriter.NotReceived)
            return PacketStatus.NotReceived;
        delta = ToDeltas(arrival) - _time;
        return delta switch
        {
            >= byte.MinValue and <= byte.MaxValue => PacketStatus.SmallDelta,
            >= short.MinValue and <= short.MaxValue => PacketStatus.LargeOrNegativeDelta,
            _ => PacketStatus.Reserved,
        };
    }

    private static Span<byte> Append(Span<byte> chunks, PacketStatusChunk chunk)
    {
        BinaryPrimitives.WriteUInt16BigEndian(chunks, chunk.Bits);
        return chunks[PacketStatusChunk.Length..];
    }

    private static long ToDeltas(long ticks) =>
        ticks / TransportFeedbackView.DeltaTicks - (ticks % TransportFeedbackView.DeltaTicks < 0 ? 1 : 0);

    private static int RoundUp(int length) => (length + 3) & ~3;
}
