using System.Diagnostics.CodeAnalysis;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Peers;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// DTLS datagrams of peers that are not connected yet, until their turn comes: a step of a handshake costs as much as a hundred
/// media packets, so that many at once would hold up everybody's media. Each peer's stay in order, and peers take turns,
/// a datagram each. Datagrams are copied; a peer that ends is taken out. Allocates nothing once made.
/// <para><b>Invariant: a peer is in the ring of those waiting exactly while it has datagrams here.</b></para>
/// </summary>
/// <remarks>
/// Only what comes from a path that an authenticated check has proven gets here. One peer has
/// <see cref="MaxPerPeer"/> places at most, and more than one only while half of all are free: so there is one for each of
/// <see cref="SharedCapacity"/> peers, whatever the others send.
/// </remarks>
internal sealed class HandshakeQueue
{
    /// <summary>A flight with a long certificate chain, cut into small fragments; what exceeds it the client sends again.</summary>
    public const int MaxPerPeer = 8;

    /// <summary>Places that any peer may have its second and further datagrams in. No fewer than peers may be half-open by default.</summary>
    public const int SharedCapacity = 1024;

    /// <summary>All places.</summary>
    public const int Capacity = 2 * SharedCapacity;

    /// <summary>What Ethernet carries, bytes.</summary>
    public const int MaxDatagram = 1500;

    /// <summary>Of a record's header (RFC 6347 section 4.1): between type, version and epoch, and the length.</summary>
    private const int RecordNumberStart = 5;
    private const int RecordNumberEnd = 11;

    private const int None = -1;

    // Touched, and so backed by memory, only as far as there ever was a crowd: the place that was freed last is used first.
    private readonly byte[] _bytes = new byte[Capacity * MaxDatagram];
    private readonly Place[] _places = new Place[Capacity];
    private int _firstFree = None;
    private int _neverUsed;

    /// <summary>The ring of those who wait; its first is served next.</summary>
    private Peer? _first;

    /// <summary>Datagrams that wait.</summary>
    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>Copies a datagram behind the peer's others.</summary>
    public DropReason Add(Peer peer, ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        if (datagram.Length > MaxDatagram)
            return DropReason.TooLong;
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        if (IsWaiting(backlog, datagram))
            return DropReason.DuplicateOrOld;
        if (Count >= (backlog.Count == 0 ? Capacity : SharedCapacity) || backlog.Count >= MaxPerPeer)
            return DropReason.HandshakeQueueFull;
        int index = TakePlace();
        datagram.CopyTo(_bytes.AsSpan(index * MaxDatagram));
        _places[index] = new Place { Path = path, Length = datagram.Length, Next = None };
        if (backlog.Count++ == 0)
        {
            backlog.First = index;
            Enter(peer);
        }
        else
        {
            _places[backlog.Last].Next = index;
        }
        backlog.Last = index;
        return DropReason.None;
    }

    /// <summary>Takes the oldest datagram of the peer whose turn it is; the peer's next turn comes after all others'.</summary>
    /// <param name="buffer">Gets the datagram; <see cref="MaxDatagram"/> bytes.</param>
    /// <param name="peer">Whose it is.</param>
    /// <param name="length">How long it is, bytes.</param>
    /// <param name="path">Where it came from.</param>
    public bool TryTake(Span<byte> buffer, [NotNullWhen(true)] out Peer? peer, out int length, out NetworkPath path)
    {
        (peer, length, path) = (_first, 0, default);
        if (peer is null)
            return false;
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        int index = backlog.First;
        (length, path) = (_places[index].Length, _places[index].Path);
        _bytes.AsSpan(index * MaxDatagram, length).CopyTo(buffer);
        backlog.First = _places[index].Next;
        Free(index);
        if (--backlog.Count == 0)
            Leave(peer);
        else
            _first = backlog.Next;
        return true;
    }

    /// <summary>Forgets what a peer has waiting.</summary>
    public void Remove(Peer peer)
    {
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        if (backlog.Count == 0)
            return;
        for (int index = backlog.First; index != None;)
        {
            int next = _places[index].Next;
            Free(index);
            index = next;
        }
        backlog.Count = 0;
        Leave(peer);
    }

    /// <summary>
    /// Whether this is a message, in a record of its own, that the client has sent again because its turn has not come: alike but
    /// for the record's number. Clients begin to do that after as little as 50 ms.
    /// </summary>
    private bool IsWaiting(in HandshakeBacklog backlog, ReadOnlySpan<byte> datagram)
    {
        int index = backlog.First;
        for (int i = 0; i < backlog.Count; i++, index = _places[index].Next)
        {
            ReadOnlySpan<byte> waiting = _bytes.AsSpan(index * MaxDatagram, _places[index].Length);
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

    /// <summary>As the last of the ring, which is before its first.</summary>
    private void Enter(Peer peer)
    {
        ref HandshakeBacklog backlog = ref peer.HandshakeBacklog;
        if (_first is null)
        {
            _first = backlog.Next = backlog.Previous = peer;
            return;
        }
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

    private int TakePlace()
    {
        Count++;
        if (_firstFree == None)
            return _neverUsed++;
        int index = _firstFree;
        _firstFree = _places[index].Next;
        return index;
    }

    private void Free(int index)
    {
        Count--;
        _places[index].Next = _firstFree;
        _firstFree = index;
    }

    private struct Place
    {
        public NetworkPath Path;
        public int Length;

        /// <summary>The peer's next one, or the next free one.</summary>
        public int Next;
    }
}
