using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// The queue of DTLS datagrams from peers that are not connected yet, until their turn comes: a step of a handshake costs as much as a
/// hundred media packets, so that many at once would hold up everybody's media. The datagrams of a peer stay in order, and peers take
/// turns, a datagram each. Datagrams are copied; those of a peer that ends are removed. Allocates nothing once made.
/// <para><b>Invariant: a peer is in the ring of those waiting exactly while it has datagrams here.</b></para>
/// </summary>
/// <remarks>
/// Only datagrams from a path that an authenticated check has proven get here. A peer has at most <see cref="MaxPerPeer"/> slots, and
/// more than one only while half of all slots are free: so there is one for each of <see cref="SharedCapacity"/> peers, whatever the
/// others send.
/// </remarks>
internal sealed class HandshakeQueue
{
    /// <summary>
    /// Most datagrams of one peer: a flight with a long certificate chain in small fragments. The client sends again what exceeds it.
    /// </summary>
    public const int MaxPerPeer = 8;

    /// <summary>
    /// Number of slots that second and further datagrams of peers share. No fewer than peers may be half-open by default.
    /// </summary>
    public const int SharedCapacity = 1024;

    /// <summary>Number of all slots.</summary>
    public const int Capacity = 2 * SharedCapacity;

    /// <summary>Longest datagram, bytes: what Ethernet carries.</summary>
    public const int MaxDatagram = 1500;

    /// <summary>
    /// Offset of the sequence number in a record's header (RFC 6347 section 4.1): after type, version and epoch, before the length.
    /// </summary>
    private const int RecordNumberStart = 5;
    private const int RecordNumberEnd = 11;

    private const int None = -1;

    // The slot that was freed last is used first, so that memory is touched only as far as there ever was a crowd.
    private readonly byte[] _bytes = new byte[Capacity * MaxDatagram];
    private readonly Slot[] _slots = new Slot[Capacity];
    private int _firstFree = None;
    private int _neverUsed;

    /// <summary>Peer that is served next, in the ring of all peers that wait; null when nobody waits.</summary>
    private Peer? _first;

    /// <summary>Number of datagrams that wait.</summary>
    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>Copies a datagram behind the others of its peer.</summary>
    public DropReason Add(Peer peer, ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        if (datagram.Length > MaxDatagram)
            return DropReason.TooLong;
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        if (IsWaiting(backlog, datagram))
            return DropReason.DuplicateOrOld;
        if (Count >= (backlog.Count == 0 ? Capacity : SharedCapacity) || backlog.Count >= MaxPerPeer)
            return DropReason.HandshakeQueueFull;
        int index = TakeSlot();
        datagram.CopyTo(_bytes.AsSpan(index * MaxDatagram));
        _slots[index] = new Slot { Path = path, Length = datagram.Length, Next = None };
        if (backlog.Count++ == 0)
        {
            backlog.First = index;
            Enter(peer);
        }
        else
        {
            _slots[backlog.Last].Next = index;
        }
        backlog.Last = index;
        return DropReason.None;
    }

    /// <summary>Takes the oldest datagram of the peer whose turn it is; the peer's next turn comes after all others'.</summary>
    /// <param name="buffer">Receives the datagram; <see cref="MaxDatagram"/> bytes.</param>
    /// <param name="peer">The peer that it came from.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="path">The path that it came along.</param>
    public bool TryTake(Span<byte> buffer, [NotNullWhen(true)] out Peer? peer, out int length, out NetworkPath path)
    {
        (peer, length, path) = (_first, 0, default);
        if (peer is null)
            return false;
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        Debug.Assert(backlog.Count > 0, "A peer is in the ring exactly while it has datagrams.");
        int index = backlog.First;
        (length, path) = (_slots[index].Length, _slots[index].Path);
        _bytes.AsSpan(index * MaxDatagram, length).CopyTo(buffer);
        backlog.First = _slots[index].Next;
        Free(index);
        if (--backlog.Count == 0)
            Leave(peer);
        else
            _first = backlog.Next;
        return true;
    }

    /// <summary>Removes the datagrams of a peer.</summary>
    public void Remove(Peer peer)
    {
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        if (backlog.Count == 0)
            return;
        for (int index = backlog.First; index != None;)
        {
            int next = _slots[index].Next;
            Free(index);
            index = next;
        }
        backlog.Count = 0;
        Leave(peer);
    }

    /// <summary>
    /// Tells whether the client has sent this message again because its turn has not come: it is in a record of its own and equal but
    /// for the record's number. Clients begin to repeat messages after as little as 50 ms.
    /// </summary>
    private bool IsWaiting(in HandshakeBacklog backlog, ReadOnlySpan<byte> datagram)
    {
        int index = backlog.First;
        for (int i = 0; i < backlog.Count; i++, index = _slots[index].Next)
        {
            ReadOnlySpan<byte> waiting = _bytes.AsSpan(index * MaxDatagram, _slots[index].Length);
            if (waiting.Length == datagram.Length
                && waiting.Length > RecordNumberEnd
                && waiting[..RecordNumberStart].SequenceEqual(datagram[..RecordNumberStart])
                && waiting[RecordNumberEnd..].SequenceEqual(datagram[RecordNumberEnd..]))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Adds the peer to the ring as its last, which is before its first.</summary>
    private void Enter(Peer peer)
    {
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        if (_first is null)
        {
            _first = backlog.Next = backlog.Previous = peer;
            return;
        }
        Debug.Assert(backlog.Next is null, "A peer is in the ring once.");
        Peer last = _first.HandshakeBacklog.Previous!;
        (backlog.Previous, backlog.Next) = (last, _first);
        last.HandshakeBacklog.Next = _first.HandshakeBacklog.Previous = peer;
    }

    private void Leave(Peer peer)
    {
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        if (_first == peer)
            _first = backlog.Next == peer ? null : backlog.Next;
        backlog.Previous!.HandshakeBacklog.Next = backlog.Next;
        backlog.Next!.HandshakeBacklog.Previous = backlog.Previous;
        backlog.Next = backlog.Previous = null;
    }

    private int TakeSlot()
    {
        Count++;
        if (_firstFree == None)
            return _neverUsed++;
        int index = _firstFree;
        _firstFree = _slots[index].Next;
        return index;
    }

    private void Free(int index)
    {
        Count--;
        _slots[index].Next = _firstFree;
        _firstFree = index;
    }

    private struct Slot
    {
        public NetworkPath Path;
        public int Length;

        /// <summary>Index of the peer's next slot, or of the next free one.</summary>
        public int Next;
    }
}
