using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>A chunk that has a TSN and is not acknowledged cumulatively.</summary>
internal struct SentChunk
{
    public OutgoingMessage Message;
    public int Offset;
    public int Length;
    public MonotonicTime SentAt;

    /// <summary>Number of its last transmission among all transmissions.</summary>
    public long Order;
    public uint Transmissions;
    public byte MissCount;
    public SentChunkState State;
}
