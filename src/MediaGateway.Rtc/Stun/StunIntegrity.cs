using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MediaGateway.Rtc.Stun;

/// <summary>The hash of MESSAGE-INTEGRITY (RFC 8489 section 14.5).</summary>
internal static class StunIntegrity
{
    public const int Length = HMACSHA1.HashSizeInBytes;

    [SuppressMessage("Security", "CA5350",
        Justification = "RFC 8489 section 14.5 defines MESSAGE-INTEGRITY by HMAC-SHA1, and ICE knows no other; as a MAC it holds.")]
    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> covered, Span<byte> destination) =>
        HMACSHA1.HashData(key, covered, destination);
}
