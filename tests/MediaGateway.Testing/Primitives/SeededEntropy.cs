using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Primitives;

/// <summary>Entropy that repeats itself with its seed.</summary>
public sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
