namespace MediaGateway.Rtc.Sctp;

/// <summary>The outstanding chunks by TSN, in a ring that grows with their number. Keeps count of what is in flight and lost.</summary>
internal sealed class SentChunks(Tsn initial)
{
    private const int InitialCapacity = 16;

    private SentChunk[] _ring = new SentChunk[InitialCapacity];

    /// <summary>TSN of the first outstanding chunk, or of the next one when none is outstanding.</summary>
    public Tsn First { get; private set; } = initial;

    public int Count { get; private set; }

    /// <summary>TSN that the next new chunk gets.</summary>
    public Tsn Next => First + Count;

    /// <summary>Bytes of user data in flight.</summary>
    public int Flight { get; private set; }

    public int LostCount { get; private set; }

    /// <summary>Gets a chunk by its offset from <see cref="First"/>.</summary>
    public ref SentChunk this[int offset] => ref _ring[(First.Value + (uint)offset) & (uint)(_ring.Length - 1)];

    public void Add(in SentChunk chunk)
    {
        if (Count == _ring.Length)
            Grow();
        Count++;
        this[Count - 1] = chunk;
        if (chunk.State == SentChunkState.InFlight)
            Flight += chunk.Length;
    }

    public void SetState(ref SentChunk chunk, SentChunkState state)
    {
        Flight += (state == SentChunkState.InFlight ? chunk.Length : 0) - (chunk.State == SentChunkState.InFlight ? chunk.Length : 0);
        LostCount += (state == SentChunkState.Lost ? 1 : 0) - (chunk.State == SentChunkState.Lost ? 1 : 0);
        chunk.State = state;
    }

    /// <summary>Takes the first chunk out.</summary>
    public SentChunk RemoveFirst()
    {
        ref SentChunk first = ref this[0];
        SentChunk removed = first;
        SetState(ref first, SentChunkState.Acked);
        first = default;
        First += 1;
        Count--;
        return removed;
    }

    private void Grow()
    {
        SentChunk[] larger = new SentChunk[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
            larger[(First.Value + (uint)i) & (uint)(larger.Length - 1)] = this[i];
        _ring = larger;
    }
}
