namespace MediaGateway.Rtc.Rtcp;

/// <summary>
/// Gathers symbols until they fill the best chunk: a run as long as all are the same, else a one-bit vector of 14,
/// or a two-bit vector of 7 once a large delta is among them. What is pending always fits one chunk.
/// </summary>
internal struct PacketStatusChunkBuilder
{
    private uint _symbols;
    private int _count;
    private bool _mixed;
    private bool _hasLarge;

    public readonly bool IsEmpty => _count == 0;

    /// <summary>False when <see cref="Emit"/> must make room first; once is enough.</summary>
    public readonly bool CanAdd(PacketStatus status)
    {
        if (_count < PacketStatusChunk.TwoBitCapacity)
            return true;
        if (!_mixed && status == First)
            return _count < PacketStatusChunk.LongestRun;
        return _count < PacketStatusChunk.OneBitCapacity && !_hasLarge && status != PacketStatus.LargeOrNegativeDelta;
    }

    public void Add(PacketStatus status)
    {
        _mixed |= _count > 0 && status != First;
        _hasLarge |= status == PacketStatus.LargeOrNegativeDelta;
        if (_count < PacketStatusChunk.OneBitCapacity)
            _symbols |= (uint)status << (2 * _count);
        _count++;
    }

    /// <summary>The next chunk. Only the last one of a packet may be a vector that is not full.</summary>
    public PacketStatusChunk Emit()
    {
        PacketStatusChunk chunk;
        if (!_mixed)
        {
            chunk = PacketStatusChunk.Run(First, _count);
            this = default;
        }
        else if (!_hasLarge && _count == PacketStatusChunk.OneBitCapacity)
        {
            chunk = PacketStatusChunk.OneBitVector(_symbols);
            this = default;
        }
        else
        {
            chunk = PacketStatusChunk.TwoBitVector(_symbols);
            KeepFrom(Math.Min(_count, PacketStatusChunk.TwoBitCapacity));
        }
        return chunk;
    }

    /// <summary>The chunk for all that is pending, and the end.</summary>
    public PacketStatusChunk EmitLast()
    {
        bool oneBit = _mixed && _count > PacketStatusChunk.TwoBitCapacity;
        PacketStatusChunk chunk = oneBit ? PacketStatusChunk.OneBitVector(_symbols) : Emit();
        this = default;
        return chunk;
    }

    private readonly PacketStatus First => (PacketStatus)(_symbols & 3);

    private void KeepFrom(int index)
    {
        uint symbols = _symbols >> (2 * index);
        int count = _count - index;
        this = default;
        for (int i = 0; i < count; i++)
            Add((PacketStatus)(symbols >> (2 * i) & 3));
    }
}
