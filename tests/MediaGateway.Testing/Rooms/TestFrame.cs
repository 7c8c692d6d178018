using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Rooms;

/// <summary>One frame of one encoding as its publisher sent it.</summary>
/// <param name="Number">Its place in the encoding, from 0.</param>
/// <param name="Temporal">Its temporal layer.</param>
/// <param name="IsSync">It depends on the base layer only.</param>
/// <param name="IsKey">It depends on nothing.</param>
/// <param name="Packets">How many there are.</param>
/// <param name="Tl0PicIdx">As sent.</param>
/// <param name="References">Numbers of the frames it takes to decode it.</param>
public sealed record TestFrame(int Number, int Temporal, bool IsSync, bool IsKey, int Packets, byte Tl0PicIdx, int[] References)
{
    public MonotonicTime SentAt { get; init; }
}
