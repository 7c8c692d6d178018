using System.Net;
using System.Threading.RateLimiting;

namespace MediaGateway.Server.Http;

/// <summary>A budget of calls for each source. Sources that have been idle are forgotten.</summary>
/// <param name="perSecond">Sustained calls of one source.</param>
/// <param name="burst">Calls of one source at once before that rate applies.</param>
internal sealed class SourceLimit(int perSecond, int burst) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(source =>
        RateLimitPartition.GetTokenBucketLimiter(source, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    public bool TryTake(IPAddress source)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(source);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
