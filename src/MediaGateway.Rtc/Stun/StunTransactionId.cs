using System.Buffers.Binary;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Stun;

/// <summary>The 96 bits that pair a response with its request (RFC 8489 section 5).</summary>
internal readonly record struct StunTransactionId(ulong High, uint Low)
{
    public const int Length = 12;

    public static StunTransactionId Create(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[Length];
        entropy.Fill(bytes);
        return Read(bytes);
    }

    public static StunTransactionId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt32BigEndian(source[8..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Low);
    }

    public override string ToString() => $"{High:x16}{Low:x8}";
}
