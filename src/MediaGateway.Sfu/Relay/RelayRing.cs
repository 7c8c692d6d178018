using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MediaGateway.Sfu.Relay;

/// <summary>
/// Records on their way from one worker to another: a ring of bytes with one producer and one consumer, without locks and
/// without an object a record. A record lies in one piece: where the end of the ring is too near, it begins at its start.
/// Ownership: the ring owns its memory. The producer borrows a record's bytes from <see cref="TryReserve"/> to
/// <see cref="Commit"/>; the consumer from <see cref="TryRead"/> to <see cref="Release"/>.
/// <para><b>Invariant: released &lt;= read &lt;= published &lt;= written &lt;= released + capacity. The producer alone writes bytes, and
/// only between written and released + capacity; the consumer alone reads them, and only between read and published. A
/// position is published with release semantics after the bytes before it were written, and read with acquire semantics before
/// they are looked at; the other way round for those that are released. So no byte is touched by both at once.</b></para>
/// </summary>
internal sealed class RelayRing
{
    /// <summary>
    /// Size of a ring, bytes: three seconds of a stream of 2.6 Mb/s. A worker that is further behind had better lose packets.
    /// </summary>
    public const int DefaultCapacity = 1 << 20;

    private const int LengthSize = sizeof(int);
    private const int Alignment = 8;

    /// <summary>Length that stands for no record: the next one is at the start of the ring.</summary>
    private const int Skip = -1;

    private byte[]? _bytes;
    private Positions _positions;

    /// <param name="capacity">Size of the ring, bytes; a power of 2.</param>
    public RelayRing(int capacity = DefaultCapacity)
    {
        if (!int.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "Not a power of 2.");
        Capacity = capacity;
    }

    /// <summary>Size of the ring, bytes, with those around the records.</summary>
    public int Capacity { get; }

    /// <summary>The longest record that is sure to fit an empty ring, bytes.</summary>
    public int MaxRecord => Capacity / 4;

    /// <summary>Producer: room for a record, or none. A reservation that is not committed is used again.</summary>
    /// <param name="length">Length of the record, bytes; at least 1.</param>
    /// <param name="spare">Bytes that have to stay free beside the record.</param>
    /// <param name="record">Room that the caller is to fill.</param>
    public bool TryReserve(int length, int spare, out Span<byte> record)
    {
        record = default;
        if (length > MaxRecord)
            return false;
        ref Positions positions = ref _positions;
        int needed = SizeOf(length);
        int offset = OffsetOf(positions.Written);
        int untilEnd = Capacity - offset;
        int total = needed <= untilEnd ? needed : untilEnd + needed;
        if (positions.Written + total + spare > positions.KnownReleased + Capacity)
        {
            positions.KnownReleased = Volatile.Read(ref positions.Released);
            if (positions.Written + total + spare > positions.KnownReleased + Capacity)
                return false;
        }
        // The first write makes the array; the consumer sees it once a position beyond 0 is published.
        byte[] bytes = _bytes ??= new byte[Capacity];
        if (needed > untilEnd)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), Skip);
            positions.Written += untilEnd;
            offset = 0;
        }
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), length);
        positions.Reserved = needed;
        record = bytes.AsSpan(offset + LengthSize, length);
        return true;
    }

    /// <summary>Producer: the record last reserved is complete.</summary>
    public void Commit()
    {
        _positions.Written += _positions.Reserved;
        _positions.Reserved = 0;
    }

    /// <summary>Producer: shows the consumer all that was committed; true when that is anything new.</summary>
    public bool Publish()
    {
        if (_positions.Written == _positions.Published)
            return false;
        Volatile.Write(ref _positions.Published, _positions.Written);
        return true;
    }

    /// <summary>Consumer: the next record; false when none is published.</summary>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        ref Positions positions = ref _positions;
        while (positions.Read != positions.KnownPublished || HasPublished(ref positions))
        {
            byte[] bytes = _bytes!;
            int offset = OffsetOf(positions.Read);
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));
            if (length == Skip)
            {
                positions.Read += Capacity - offset;
                continue;
            }
            positions.Read += SizeOf(length);
            record = bytes.AsSpan(offset + LengthSize, length);
            return true;
        }
        record = default;
        return false;
    }

    /// <summary>Consumer: the producer may use the memory of what was read.</summary>
    public void Release() => Volatile.Write(ref _positions.Released, _positions.Read);

    private static bool HasPublished(ref Positions positions)
    {
        positions.KnownPublished = Volatile.Read(ref positions.Published);
        return positions.Read != positions.KnownPublished;
    }

    private static int SizeOf(int length) => (LengthSize + length + Alignment - 1) & -Alignment;

    private int OffsetOf(long position) => (int)(position & (Capacity - 1));

    /// <summary>
    /// Positions, in bytes since the beginning. Those of each side lie on cache lines of their own, two apart: processors fetch lines
    /// in pairs.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Positions
    {
        /// <summary>Position up to which the consumer may read; written by the producer.</summary>
        [FieldOffset(128)]
        public long Published;

        [FieldOffset(136)]
        public long Written;

        /// <summary>Value of <see cref="Released"/> that the producer last saw.</summary>
        [FieldOffset(144)]
        public long KnownReleased;

        /// <summary>Length of the record that is not committed yet, bytes.</summary>
        [FieldOffset(152)]
        public int Reserved;

        /// <summary>Position up to which the producer may write again; written by the consumer.</summary>
        [FieldOffset(256)]
        public long Released;

        [FieldOffset(264)]
        public long Read;

        /// <summary>Value of <see cref="Published"/> that the consumer last saw.</summary>
        [FieldOffset(272)]
        public long KnownPublished;
    }
}
