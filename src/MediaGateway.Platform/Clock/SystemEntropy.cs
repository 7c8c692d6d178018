using System.Security.Cryptography;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Clock;

/// <summary>The system's cryptographic generator. Safe from any thread.</summary>
public sealed class SystemEntropy : IEntropy
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
