using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Peers;

/// <summary>
/// Packets that came in one batch, until they go out: subscriber by subscriber, to each all of a publication's packets.
/// So a subscriber's keys, numbers and outgoing buffers are in the cache for all of them, and what it gets leaves as one
/// segmented buffer. Packets of a publication keep their order. One per worker; allocates nothing once made.
/// </summary>
public sealed class FanoutQueue
{
    /// <summary>A frame or two; they and their copies to one subscriber fit the processor's first caches.</summary>
    public const int Capacity = 16;

    /// <summary>As long as a datagram that is received, bytes.</summary>
    private const int MaxPacketLength = 2048;

    private const int None = -1;

    private readonly byte[] _bytes = new byte[Capacity * MaxPacketLength];
    private readonly Entry[] _entries = new Entry[Capacity];
    private int _count;

    /// <summary>Whether the next packet has to wait until these have gone out.</summary>
    internal bool IsFull => _count == Capacity;

    /// <summary>Keeps a packet for the subscribers of its publication.</summary>
    internal DropReason Add(Publication publication, PublishedEncoding encoding, in MediaPacket packet, in FrameLayers layers, MonotonicTime now)
    {
        if (packet.Bytes.Length > MaxPacketLength)
            return DropReason.TooLong;
        if (IsFull)
            Flush(now);
        for (int i = _count - 1; i >= 0; i--)
        {
            if (_entries[i].Publication != publication)
                continue;
            _entries[i].Next = _count;
            break;
        }
        packet.Bytes.CopyTo(_bytes.AsSpan(_count * MaxPacketLength));
        _entries[_count++] = new Entry
        {
            Publication = publication,
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

    /// <summary>Sends all that is kept. Nothing is added meanwhile.</summary>
    internal void Flush(MonotonicTime now)
    {
        int count = _count;
        _count = 0;
        for (int i = 0; i < count; i++)
        {
            if (_entries[i].Publication is not { } publication)
                continue;
            try
            {
                publication.Forward(this, i, now);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                publication.OnFault(fault, now);
            }
            for (int sent = i; sent != None;)
            {
                int next = _entries[sent].Next;
                _entries[sent] = default;
                sent = next;
            }
        }
    }

    /// <summary>Hands a publication's packets to one of its subscribers.</summary>
    /// <param name="first">Which is its first.</param>
    /// <param name="subscription">Gets them.</param>
    /// <param name="now">The time.</param>
    internal void Forward(int first, Subscription subscription, MonotonicTime now)
    {
        for (int i = first; i != None; i = _entries[i].Next)
        {
            ref readonly Entry entry = ref _entries[i];
            ReadOnlySpan<byte> bytes = _bytes.AsSpan(i * MaxPacketLength, entry.Length);
            if (RtpPacketView.TryParse(bytes, entry.Header, out RtpPacketView view))
                subscription.OnPacket(entry.Encoding, new MediaPacket(entry.Encoding.Stream, entry.Codec, entry.Sequence, bytes, view), entry.Layers, now);
        }
    }

    private struct Entry
    {
        /// <summary>Null once it went out.</summary>
        public Publication? Publication;
        public PublishedEncoding Encoding;
        public RtpCodec Codec;
        public ExtendedSequence Sequence;
        public RtpHeader Header;
        public int Length;
        public FrameLayers Layers;

        /// <summary>The publication's next one.</summary>
        public int Next;
    }
}
