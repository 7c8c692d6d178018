using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>Chunks that one SACK acknowledged for the first time.</summary>
internal struct AckedChunks
{
    private long _measuredOrder;

    public int Bytes { get; private set; }

    /// <summary>The latest transmission among them.</summary>
    public long NewestOrder { get; private set; }

    /// <summary>
    /// Send time of the newest of these chunks that was sent only once, since a chunk sent twice measures nothing (Karn's rule).
    /// </summary>
    public MonotonicTime? SentAt { get; private set; }

    public void Note(in SentChunk chunk)
    {
        if (chunk.State is not (SentChunkState.InFlight or SentChunkState.Lost))
            return;
        Bytes += chunk.Length;
        NewestOrder = Math.Max(NewestOrder, chunk.Order);
        if (chunk.Transmissions > 1 || chunk.Order < _measuredOrder)
            return;
        _measuredOrder = chunk.Order;
        SentAt = chunk.SentAt;
    }
}
