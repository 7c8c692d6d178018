using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// Walks the packets received in a verified transport-wide feedback. Runs of lost packets are skipped whole, so the
/// walk is bounded by the bytes of the packet and not by what it claims.
/// </summary>
public ref struct PacketArrivalEnumerator
{
    private ReadOnlySpan<byte> _chunks;
    private ReadOnlySpan<byte> _deltas;
    private PacketStatusChunk _chunk;
    private int _index;
    private int _count;
    private int _remaining;
    private ushort _sequence;
    private long _time;

    internal PacketArrivalEnumerator(
        SequenceNumber baseSequence, int statusCount, long referenceDeltas, ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> deltas)
    {
        _sequence = baseSequence.Value;
        _remaining = statusCount;
        _time = referenceDeltas;
        _chunks = chunks;
        _deltas = deltas;
    }

    public PacketArrival Current { get; private set; }

    public readonly PacketArrivalEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (TryEnterChunk())
        {
            PacketStatus status = _chunk[_index];
            if (status != PacketStatus.NotReceived)
            {
                _time += TakeDelta(status);
                Current = new PacketArrival(new SequenceNumber(_sequence), new TimeSpan(_time * TransportFeedbackView.DeltaTicks));
                Advance(1);
                return true;
            }
            Advance(_chunk.IsRun ? _count - _index : 1);
        }
        return false;
    }

    private bool TryEnterChunk()
    {
        while (_index == _count)
        {
            if (_remaining == 0)
                return false;
            _chunk = new PacketStatusChunk(BinaryPrimitives.ReadUInt16BigEndian(_chunks));
            _chunks = _chunks[PacketStatusChunk.Length..];
            _index = 0;
            _count = Math.Min(_chunk.Capacity, _remaining);
            _remaining -= _count;
        }
        return true;
    }

    private void Advance(int packets)
    {
        _index += packets;
        _sequence += (ushort)packets;
    }

    private int TakeDelta(PacketStatus status)
    {
        int delta = status == PacketStatus.SmallDelta ? _deltas[0] : BinaryPrimitives.ReadInt16BigEndian(_deltas);
        _deltas = _deltas[(int)status..];
        return delta;
    }
}
