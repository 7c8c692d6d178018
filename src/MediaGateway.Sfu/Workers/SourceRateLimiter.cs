using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// A token bucket per source address in a fixed table. Sources that share a row share a bucket, so that a flood costs bounded
/// work and no memory.
/// </summary>
internal sealed class SourceRateLimiter(int ratePerSecond)
{
    private const int Rows = 4096;

    private readonly Bucket[] _buckets = new Bucket[Rows];

    public bool TryTake(TransportAddress source, MonotonicTime now)
    {
        ref Bucket bucket = ref _buckets[source.WithPort(0).GetHashCode() & (Rows - 1)];
        double tokens = bucket.Touched
            ? Math.Min(ratePerSecond, bucket.Tokens + (now - bucket.Updated).TotalSeconds * ratePerSecond)
            : ratePerSecond;
        bool taken = tokens >= 1;
        bucket = new Bucket { Touched = true, Tokens = taken ? tokens - 1 : tokens, Updated = now };
        return taken;
    }

    private struct Bucket
    {
        public bool Touched;
        public double Tokens;
        public MonotonicTime Updated;
    }
}
