using System.Buffers;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// Held chunks by TSN, in a ring that grows with what there is to hold. Joining a chunk to its neighbours' runs takes the
/// same time whatever their length. Ownership: a chunk's buffer is rented here, and returned by <see cref="Free"/>.
/// </summary>
internal sealed class HeldChunks
{
    /// <summary>Room for the longest span of received TSNs, and before it for the message that the cumulative point is in.</summary>
    public const int MaxCapacity = 2 * ReceivedTsns.MaxSpan;

    private const int InitialCapacity = 32;

    private HeldChunk[] _ring = [];
    private Tsn _highest;

    public int Count { get; private set; }

    /// <summary>Cost of the held chunks in bytes: their data, and a fixed sum for each, so that tiny chunks are not cheap.</summary>
    public int Cost { get; private set; }

    public const int CostPerChunk = 64;

    public ref HeldChunk this[Tsn tsn] => ref _ring[SlotOf(tsn)];

    public bool Contains(Tsn tsn) => Count > 0 && this[tsn] is { Buffer: not null } chunk && chunk.Tsn == tsn;

    /// <summary>Copies a chunk; <paramref name="lowest"/> is at or below the lowest TSN held. False when that is too far away.</summary>
    public bool TryAdd(in DataChunk data, Tsn lowest)
    {
        if (Count == 0 || data.Tsn > _highest)
        {
            if (!TryMakeRoom(data.Tsn.DistanceFrom(lowest) + 1, lowest))
                return false;
            _highest = data.Tsn;
        }
        byte[] buffer = ArrayPool<byte>.Shared.Rent(data.UserData.Length);
        data.UserData.CopyTo(buffer);
        this[data.Tsn] = new HeldChunk
        {
            Buffer = buffer,
            Length = data.UserData.Length,
            Tsn = data.Tsn,
            StreamId = data.StreamId,
            StreamSequence = data.StreamSequence,
            Protocol = data.Protocol,
            IsFirst = data.IsFirst,
            IsLast = data.IsLast,
            IsUnordered = data.IsUnordered,
        };
        Count++;
        Cost += data.UserData.Length + CostPerChunk;
        return true;
    }

    /// <summary>Joins a chunk that was just added to the runs on both sides of it; returns the first chunk of its run.</summary>
    public ref HeldChunk Join(Tsn tsn)
    {
        ref HeldChunk chunk = ref this[tsn];
        Tsn start = tsn, end = tsn;
        int length = chunk.Length;
        if (Contains(tsn - 1) && this[tsn - 1].IsContinuedBy(chunk))
        {
            start = this[tsn - 1].RunStart;
            length += this[tsn - 1].RunLength;
        }
        if (Contains(tsn + 1) && chunk.IsContinuedBy(this[tsn + 1]))
        {
            end = this[tsn + 1].RunEnd;
            length += this[tsn + 1].RunLength;
        }
        // A run whose start was given up stays without one: its start is then no chunk at all, and never complete.
        ref HeldChunk first = ref (Contains(start) ? ref this[start] : ref chunk);
        ref HeldChunk last = ref this[end];
        (first.RunStart, first.RunEnd, first.RunLength) = (start, end, length);
        (last.RunStart, last.RunEnd, last.RunLength) = (start, end, length);
        return ref first;
    }

    public bool IsComplete(in HeldChunk first) => first.IsFirst && first.Tsn == first.RunStart && this[first.RunEnd].IsLast;

    /// <summary>Copies the data of a complete run to the destination and frees its chunks.</summary>
    public void Take(in HeldChunk first, Span<byte> destination)
    {
        Tsn end = first.RunEnd;
        for (Tsn tsn = first.Tsn; tsn <= end; tsn += 1)
        {
            ref HeldChunk chunk = ref this[tsn];
            chunk.Buffer.AsSpan(0, chunk.Length).CopyTo(destination);
            destination = destination[chunk.Length..];
            Free(tsn);
        }
    }

    /// <summary>Forgets a chunk, if it is held.</summary>
    public void Free(Tsn tsn)
    {
        if (!Contains(tsn))
            return;
        ref HeldChunk chunk = ref this[tsn];
        ArrayPool<byte>.Shared.Return(chunk.Buffer!);
        Cost -= chunk.Length + CostPerChunk;
        Count--;
        chunk.Buffer = null;
    }

    /// <summary>Forgets what is held from <paramref name="from"/> to <paramref name="to"/>, which may be far apart.</summary>
    public void FreeRange(Tsn from, Tsn to)
    {
        if (to > _highest)
            to = _highest;
        for (Tsn tsn = from; Count > 0 && tsn <= to; tsn += 1)
            Free(tsn);
    }

    public void Clear()
    {
        foreach (ref HeldChunk chunk in _ring.AsSpan())
        {
            if (chunk.Buffer is { } buffer)
                ArrayPool<byte>.Shared.Return(buffer);
        }
        _ring = [];
        Count = Cost = 0;
    }

    private bool TryMakeRoom(int span, Tsn lowest)
    {
        if (span > MaxCapacity)
            return false;
        int capacity = Math.Max(InitialCapacity, _ring.Length);
        while (capacity < span)
            capacity *= 2;
        if (capacity == _ring.Length)
            return true;
        HeldChunk[] old = _ring;
        _ring = new HeldChunk[capacity];
        foreach (ref HeldChunk chunk in old.AsSpan())
        {
            if (chunk.Buffer is not null && chunk.Tsn >= lowest)
                this[chunk.Tsn] = chunk;
        }
        return true;
    }

    private int SlotOf(Tsn tsn) => (int)(tsn.Value & (uint)(_ring.Length - 1));
}
