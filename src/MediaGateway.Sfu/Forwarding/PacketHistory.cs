using System.Runtime.CompilerServices;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// The last packets of one encoding, as the publisher sent them, for retransmission to any subscriber: one copy per
/// publication, whatever the number of subscribers. Packets lie one behind the other in blocks. A block is used again once its
/// newest packet is older than <see cref="Retention"/>, and until then there is another one, so that memory follows the bitrate.
/// Allocates nothing while that does not rise. Ownership: the history owns its memory; a packet handed out is borrowed until
/// the next <see cref="Store"/>.
/// </summary>
public sealed class PacketHistory
{
    /// <summary>
    /// Least time for which packets are kept, within the limits: several round trips to far away, and as long as receivers wait
    /// before they would rather have a key frame.
    /// </summary>
    public static readonly TimeSpan Retention = TimeSpan.FromMilliseconds(1500);

    /// <summary>
    /// The same for packets that nobody is sent. They may have overtaken the one that a key frame begins with, from which on somebody
    /// is sent them, and misses those.
    /// </summary>
    public static readonly TimeSpan UnsentRetention = TimeSpan.FromMilliseconds(500);

    public const int MaxPackets = 2048;

    /// <summary>Most bytes of packets that are kept: <see cref="Retention"/> of video at 10 Mb/s.</summary>
    public const int MaxBytes = 200 * BlockBytes;

    /// <summary>Length of a block: half a dozen packets of a thick stream, or half a second of a thin one.</summary>
    private const int BlockBytes = 10 * 1024;

    private const int FirstIndexLength = 64;

    /// <summary>Time for which a surplus block is kept before it is released, since rates vary and stalls end in bursts.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>The blocks in use, by the low bits of their numbers; its length is a power of 2.</summary>
    private Block[] _blocks = new Block[4];

    /// <summary>Index of packets by the low bits of their sequence numbers; its length is a power of 2.</summary>
    private Entry[] _index = new Entry[FirstIndexLength];

    /// <summary>Number of the newest block; blocks are numbered in the order in which they are written.</summary>
    private uint _newest = uint.MaxValue;
    private int _count;
    private int _used = BlockBytes;

    /// <summary>Time at which there was last no surplus block.</summary>
    private MonotonicTime _neededAll;

    /// <summary>Memory that the history holds at the moment, in bytes.</summary>
    internal int AllocatedBytes =>
        (_count * BlockBytes) + (_blocks.Length * Unsafe.SizeOf<Block>()) + (_index.Length * Unsafe.SizeOf<Entry>());

    /// <summary>Keeps a packet. A late packet does not displace a newer one.</summary>
    /// <param name="sequence">Its extended sequence number.</param>
    /// <param name="packet">The whole packet; it is copied.</param>
    /// <param name="now">Time at which it came.</param>
    /// <param name="isSent">Whether the encoding is sent to somebody.</param>
    public void Store(ExtendedSequence sequence, ReadOnlySpan<byte> packet, MonotonicTime now, bool isSent = true)
    {
        TimeSpan retention = isSent ? Retention : UnsentRetention;
        if (packet.Length > IDatagramSender.MaxDatagram || !TryPlace(sequence, now, retention))
            return;
        if (_used + packet.Length > BlockBytes)
            TakeBlock(now, retention);
        ref Block block = ref At(_newest);
        packet.CopyTo(block.Bytes.AsSpan(_used));
        block.LastWritten = now;
        _index[Slot(sequence)] = new Entry(sequence, _newest, (ushort)_used, (ushort)packet.Length);
        _used += packet.Length;
    }

    public bool TryGet(ExtendedSequence sequence, out ReadOnlySpan<byte> packet)
    {
        Entry entry = _index[Slot(sequence)];
        if (entry.Sequence != sequence || !IsThere(entry))
        {
            packet = default;
            return false;
        }
        packet = At(entry.Block).Bytes.AsSpan(entry.Offset, entry.Length);
        return true;
    }

    /// <summary>
    /// Finds a slot of the index for a packet: an empty one, that of a packet whose time is over, or one of a longer index.
    /// </summary>
    private bool TryPlace(ExtendedSequence sequence, MonotonicTime now, TimeSpan retention)
    {
        while (true)
        {
            Entry other = _index[Slot(sequence)];
            if (!IsThere(other) || other.Sequence == sequence)
                return true;
            bool isYoung = now - At(other.Block).LastWritten < retention;
            if (!isYoung || _index.Length == MaxPackets)
                return sequence > other.Sequence;
            LengthenIndex();
        }
    }

    private void LengthenIndex()
    {
        Entry[] before = _index;
        _index = new Entry[before.Length * 2];
        foreach (Entry entry in before)
        {
            if (IsThere(entry))
                _index[Slot(entry.Sequence)] = entry;
        }
    }

    private void TakeBlock(MonotonicTime now, TimeSpan retention)
    {
        ReleaseSurplus(now, retention);
        byte[] bytes;
        if (_count > 0 && (_count == MaxBytes / BlockBytes || now - At(Oldest).LastWritten >= retention))
        {
            bytes = At(Oldest).Bytes;
            At(Oldest) = default;
        }
        else
        {
            bytes = GC.AllocateUninitializedArray<byte>(BlockBytes);
            if (_count == _blocks.Length)
                LengthenBlocks();
            _count++;
        }
        _newest++;
        At(_newest) = new Block { Bytes = bytes };
        _used = 0;
    }

    private void ReleaseSurplus(MonotonicTime now, TimeSpan retention)
    {
        if (!HasSurplus(now, retention))
            _neededAll = now;
        if (now - _neededAll < Linger)
            return;
        while (HasSurplus(now, retention))
        {
            At(Oldest) = default;
            _count--;
        }
    }

    /// <summary>
    /// Tells whether more than two blocks could be used again: one of them is for when the next one takes longer to fill.
    /// </summary>
    private bool HasSurplus(MonotonicTime now, TimeSpan retention) => _count > 2 && now - At(Oldest + 2).LastWritten >= retention;

    private void LengthenBlocks()
    {
        Block[] before = _blocks;
        _blocks = new Block[before.Length * 2];
        for (int i = 0; i < before.Length; i++)
            At(Oldest + (uint)i) = before[(Oldest + (uint)i) & (uint)(before.Length - 1)];
    }

    private uint Oldest => _newest - (uint)_count + 1;

    private ref Block At(uint number) => ref _blocks[number & (uint)(_blocks.Length - 1)];

    private int Slot(ExtendedSequence sequence) => (int)(sequence.Value & (_index.Length - 1));

    /// <summary>Tells whether the packet is still there: its block has not been used again.</summary>
    private bool IsThere(in Entry entry) => entry.Length != 0 && _newest - entry.Block < (uint)_count;

    private struct Block
    {
        public byte[] Bytes;
        public MonotonicTime LastWritten;
    }

    private readonly record struct Entry(ExtendedSequence Sequence, uint Block, ushort Offset, ushort Length);
}
