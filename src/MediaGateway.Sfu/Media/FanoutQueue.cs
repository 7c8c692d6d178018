using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Media;

/// <summary>
/// Packets that came in one batch, until they go out: subscriber by subscriber, to each all packets of all publications.
/// So a subscriber's keys, numbers and outgoing buffers are in the cache for all of them, and what it gets leaves as one
/// segmented buffer. Packets of a publication keep their order. One per worker; allocates nothing once made.
/// </summary>
/// <param name="prefetcher">Fetches what the next subscribers need into the processor's caches.</param>
public sealed class FanoutQueue(IPrefetcher prefetcher)
{
    /// <summary>
    /// Number of packets that are kept: a frame or two, which fit the processor's first caches with their copies to one subscriber.
    /// </summary>
    public const int Capacity = 16;

    /// <summary>Length of a slot, bytes: that of the longest datagram that is received.</summary>
    private const int MaxPacketLength = 2048;

    private const int None = -1;

    private readonly byte[] _bytes = new byte[Capacity * MaxPacketLength];
    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly Lane[] _lanes = new Lane[Capacity];
    private int _count;
    private int _laneCount;
    private bool _isFlushing;

    /// <summary>True when there is no room for another packet until those that are kept have gone out.</summary>
    internal bool IsFull => _count == Capacity;

    /// <summary>Keeps a packet for the subscribers of its publication.</summary>
    internal DropReason Add(Publication publication, PublishedEncoding encoding, in MediaPacket packet, in FrameLayers layers,
        MonotonicTime now)
    {
        if (packet.Bytes.Length > MaxPacketLength)
            return DropReason.TooLong;
        if (_isFlushing)
            throw new InvalidOperationException(
                "A packet for the fan-out came out of the fan-out: it would take the place of one that is on its way.");
        if (IsFull)
            Flush(now);
        Append(publication, _count);
        packet.Bytes.CopyTo(_bytes.AsSpan(_count * MaxPacketLength));
        _entries[_count++] = new Entry
        {
            Encoding = encoding,
            Codec = packet.Codec,
            Sequence = packet.Sequence,
            Header = packet.View.Header,
            Length = packet.Bytes.Length,
            Layers = layers,
            Next = None,
        };
        return DropReason.None;
    }

    /// <summary>Sends all that is kept. Nothing may be added meanwhile.</summary>
    internal void Flush(MonotonicTime now)
    {
        if (_count == 0 || _isFlushing)
            return;
        _isFlushing = true;
        Span<Lane> lanes = _lanes.AsSpan(0, _laneCount);
        try
        {
            ForwardAll(lanes, now);
        }
        finally
        {
            // Whatever happens: a bug costs what is kept now, never what comes later.
            lanes.Clear();
            _entries.AsSpan(0, _count).Clear();
            _count = _laneCount = 0;
            _isFlushing = false;
        }
    }

    private void ForwardAll(Span<Lane> lanes, MonotonicTime now)
    {
        foreach (ref Lane lane in lanes)
            lane.Begin(prefetcher);
        for (long peer = NextPeer(lanes); peer != long.MaxValue; peer = NextPeer(lanes))
        {
            foreach (ref Lane lane in lanes)
            {
                if (lane.Peer == peer)
                    Forward(ref lane, now);
            }
        }
    }

    private static long NextPeer(ReadOnlySpan<Lane> lanes)
    {
        long next = long.MaxValue;
        foreach (ref readonly Lane lane in lanes)
            next = Math.Min(next, lane.Peer);
        return next;
    }

    /// <summary>Makes an entry the last of its publication's lane.</summary>
    private void Append(Publication publication, int entry)
    {
        for (int i = _laneCount - 1; i >= 0; i--)
        {
            ref Lane lane = ref _lanes[i];
            if (lane.Publication != publication)
                continue;
            _entries[lane.Last].Next = entry;
            lane.Last = entry;
            return;
        }
        _lanes[_laneCount++] = new Lane { Publication = publication, First = entry, Last = entry };
    }

    /// <summary>Hands a lane's packets to the subscriber it has come to, and moves on to the next.</summary>
    private void Forward(ref Lane lane, MonotonicTime now)
    {
        try
        {
            Subscription subscription = lane.Subscription;
            lane.MoveOn(prefetcher);
            for (int i = lane.First; i != None; i = _entries[i].Next)
                Forward(i, subscription, now);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            lane.End();
            lane.Publication.OnFault(fault, now);
        }
    }

    private void Forward(int index, Subscription subscription, MonotonicTime now)
    {
        ref readonly Entry entry = ref _entries[index];
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(index * MaxPacketLength, entry.Length);
        if (RtpPacketView.TryParse(bytes, entry.Header, out RtpPacketView view))
            subscription.OnPacket(entry.Encoding, new MediaPacket(entry.Encoding.Stream, entry.Codec, entry.Sequence, bytes, view),
                entry.Layers, now);
    }

    private struct Entry
    {
        public PublishedEncoding Encoding;
        public RtpCodec Codec;
        public ExtendedSequence Sequence;
        public RtpHeader Header;
        public int Length;
        public FrameLayers Layers;

        /// <summary>Index of the publication's next entry; <see cref="None"/> at the last.</summary>
        public int Next;
    }

    /// <summary>A publication's packets on their way along its subscribers, who stand in the order of their peers.</summary>
    private struct Lane
    {
        /// <summary>
        /// References from a subscription to the keys, the last that is needed: how many subscribers ahead is asked for.
        /// </summary>
        private const int Lookahead = 6;

        /// <summary>Number of subscriptions up to which nothing is fetched ahead: so few are in the caches anyway.</summary>
        private const int FewSubscriptions = 2 * Lookahead;

        private SubscriberList _subscriptions;
        private int _position;

        public Publication Publication;
        public int First;
        public int Last;

        /// <summary>The peer of the subscriber that the lane has come to; the greatest number at the end.</summary>
        public long Peer { get; private set; }

        public readonly Subscription Subscription => _subscriptions[_position];

        public void Begin(IPrefetcher prefetcher)
        {
            _subscriptions = Publication.Served;
            for (int position = -Lookahead; position < 0; position++)
                LookAhead(position, prefetcher);
            _position = -1;
            MoveOn(prefetcher);
        }

        public void MoveOn(IPrefetcher prefetcher)
        {
            _position++;
            Peer = _position < _subscriptions.Count ? _subscriptions[_position].Peer.Value : long.MaxValue;
            LookAhead(_position, prefetcher);
        }

        public void End() => Peer = long.MaxValue;

        /// <summary>Each of the next subscribers is one reference nearer to its keys than at the position before.</summary>
        private readonly void LookAhead(int position, IPrefetcher prefetcher)
        {
            if (_subscriptions.Count <= FewSubscriptions)
                return;
            if ((uint)(position + Lookahead) < (uint)_subscriptions.Count)
                prefetcher.Prefetch(_subscriptions[position + Lookahead], 2);
            for (int distance = 1; distance < Lookahead; distance++)
            {
                int place = position + Lookahead - distance;
                if ((uint)place < (uint)_subscriptions.Count)
                    _subscriptions[place].Prefetch(prefetcher, distance);
            }
        }
    }
}
