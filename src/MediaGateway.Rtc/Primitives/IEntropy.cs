namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// Source of random bytes: the system's generator in production, a seeded one in tests.
/// Used for credentials, SSRCs and initial sequence numbers, so the production one must be cryptographic.
/// </summary>
public interface IEntropy
{
    public void Fill(Span<byte> destination);
}
