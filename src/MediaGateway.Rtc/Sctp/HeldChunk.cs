using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sctp;

/// <summary>
/// A received chunk that waits for the rest of its message. Consecutive chunks of one message form a run; what is said
/// about a run is kept at its two ends.
/// </summary>
internal struct HeldChunk
{
    /// <summary>Rented; null when the place is free.</summary>
    public byte[]? Buffer;
    public int Length;
    public Tsn Tsn;
    public ushort StreamId;
    public SequenceNumber StreamSequence;
    public PayloadProtocol Protocol;
    public bool IsFirst;
    public bool IsLast;
    public bool IsUnordered;
    public Tsn RunStart;
    public Tsn RunEnd;
    public int RunLength;

    /// <summary>Tells whether the chunk with the next TSN continues the message where this chunk ends.</summary>
    public readonly bool IsContinuedBy(in HeldChunk next) =>
        !IsLast && !next.IsFirst && StreamId == next.StreamId && IsUnordered == next.IsUnordered
        && (IsUnordered || StreamSequence == next.StreamSequence);
}
