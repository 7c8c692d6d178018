using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath;

/// <summary>
/// Datagrams side by side in one pinned slab, each in a slot of its own, with the path it came or goes along.
/// Ownership: belongs to one datapath; spans are borrowed until the batch is filled again.
/// </summary>
public sealed class DatagramBatch
{
    /// <summary>Slots begin at whole cache lines, bytes, so that no two share one.</summary>
    private const int SlotAlignment = 64;

    private readonly byte[] _slab;
    private readonly int _stride;
    private readonly int[] _lengths;
    private readonly NetworkPath[] _paths;

    internal DatagramBatch(int capacity, int slotSize)
    {
        Capacity = capacity;
        SlotSize = slotSize;
        _stride = (slotSize + SlotAlignment - 1) / SlotAlignment * SlotAlignment;
        _slab = GC.AllocateArray<byte>(capacity * _stride, pinned: true);
        _lengths = new int[capacity];
        _paths = new NetworkPath[capacity];
    }

    public int Capacity { get; }

    /// <summary>Length of the longest datagram that a slot holds, bytes.</summary>
    public int SlotSize { get; }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public Span<byte> this[int index] => _slab.AsSpan(index * _stride, _lengths[index]);

    public ref readonly NetworkPath PathOf(int index) => ref _paths[index];

    public void Clear() => Count = 0;

    /// <summary>Copies a datagram to the end of the batch.</summary>
    public void Add(ReadOnlySpan<byte> datagram, in NetworkPath path)
    {
        datagram.CopyTo(NextSlot());
        Commit(datagram.Length, path);
    }

    /// <summary>Returns the first free slot, whole. The batch must not be full.</summary>
    internal Span<byte> NextSlot() => Slot(Count);

    /// <summary>Returns the whole slot, whatever its datagram's length.</summary>
    internal Span<byte> Slot(int index) => _slab.AsSpan(index * _stride, SlotSize);

    /// <summary>Makes the leading bytes of the first free slot the last datagram of the batch.</summary>
    internal void Commit(int length, in NetworkPath path)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)SlotSize, nameof(length));
        _lengths[Count] = length;
        _paths[Count] = path;
        Count++;
    }
}
