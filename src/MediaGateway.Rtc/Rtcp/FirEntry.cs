using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>One request of a FIR (RFC 5104 section 4.3.1.1).</summary>
/// <param name="Ssrc">The media sender asked for a key frame.</param>
/// <param name="SequenceNumber">Counts requests, so that a repeated one is told from a new one.</param>
public readonly record struct FirEntry(Ssrc Ssrc, byte SequenceNumber)
{
    internal const int Length = 8;

    internal static FirEntry Read(ReadOnlySpan<byte> source) =>
        new(new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(source)), source[4]);
}
