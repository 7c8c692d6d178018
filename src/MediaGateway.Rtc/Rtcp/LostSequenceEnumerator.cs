using System.Buffers.Binary;
using System.Numerics;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// Walks the sequence numbers of a generic NACK: each entry is a packet id (PID) and a mask of the 16 that follow
/// it (BLP), lowest bit first (RFC 4585 section 6.2.1).
/// </summary>
public ref struct LostSequenceEnumerator
{
    private ReadOnlySpan<byte> _entries;
    private ushort _packetId;
    private uint _pending;

    internal LostSequenceEnumerator(ReadOnlySpan<byte> entries) => _entries = entries;

    public SequenceNumber Current { get; private set; }

    public readonly LostSequenceEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_pending == 0)
        {
            if (_entries.Length < NackView.EntryLength)
                return false;
            _packetId = BinaryPrimitives.ReadUInt16BigEndian(_entries);
            // Bit 0 is the packet id itself, bit n the n-th after it.
            _pending = (uint)BinaryPrimitives.ReadUInt16BigEndian(_entries[2..]) << 1 | 1;
            _entries = _entries[NackView.EntryLength..];
        }
        Current = new SequenceNumber((ushort)(_packetId + BitOperations.TrailingZeroCount(_pending)));
        _pending &= _pending - 1;
        return true;
    }
}
