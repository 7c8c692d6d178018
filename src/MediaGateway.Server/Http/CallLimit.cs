using System.Threading.RateLimiting;

namespace MediaGateway.Server.Http;

/// <summary>A budget of calls for each caller. Callers that have been idle are forgotten.</summary>
/// <typeparam name="TCaller">What callers are told apart by: addresses, or API keys.</typeparam>
/// <param name="perSecond">Sustained calls of one caller.</param>
/// <param name="burst">Calls of one caller at once before that rate applies.</param>
internal sealed class CallLimit<TCaller>(int perSecond, int burst) : IDisposable
    where TCaller : notnull
{
    private readonly PartitionedRateLimiter<TCaller> _limiter = PartitionedRateLimiter.Create<TCaller, TCaller>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    public bool TryTake(TCaller caller)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(caller);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
