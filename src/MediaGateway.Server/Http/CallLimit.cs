namespace MediaGateway.Server.Http;

/// <summary>
/// A budget of calls for each caller; those who have been idle are forgotten. Not a <c>PartitionedRateLimiter</c> of the base library,
/// which wakes two threads ten times a second for as long as it exists: a third of what a gateway with ten viewers costs. Safe from any
/// thread.
/// </summary>
/// <typeparam name="TCaller">What callers are told apart by: addresses, or API keys.</typeparam>
/// <param name="perSecond">Sustained calls of one caller.</param>
/// <param name="burst">Calls of one caller at once before that rate applies.</param>
/// <param name="clock">The process's clock.</param>
internal sealed class CallLimit<TCaller>(int perSecond, int burst, TimeProvider clock)
    where TCaller : notnull
{
    /// <summary>Callers that are remembered, about 2 MB of them. A flood from more sources than that is no matter of fairness.</summary>
    internal const int MaxCallers = 16_384;

    private readonly Lock _gate = new();
    private readonly Dictionary<TCaller, TokenBucket> _buckets = [];

    /// <summary>Number of callers that are remembered.</summary>
    internal int Callers
    {
        get
        {
            lock (_gate)
                return _buckets.Count;
        }
    }

    public bool TryTake(TCaller caller)
    {
        lock (_gate)
        {
            if (!_buckets.TryGetValue(caller, out TokenBucket? bucket))
            {
                if (_buckets.Count >= MaxCallers)
                    Forget();
                bucket = new TokenBucket(perSecond, burst, clock);
                _buckets.Add(caller, bucket);
            }
            return bucket.TryTake();
        }
    }

    /// <summary>Forgets whose budget is whole again, and everybody when that leaves too many: each call costs constant time so.</summary>
    private void Forget()
    {
        foreach ((TCaller caller, TokenBucket bucket) in _buckets)
        {
            if (bucket.IsFull)
                _buckets.Remove(caller);
        }
        if (_buckets.Count > MaxCallers / 2)
            _buckets.Clear();
    }
}
