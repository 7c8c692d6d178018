namespace MediaGateway.Server.Http;

/// <summary>A budget that refills with time.</summary>
internal sealed class TokenBucket(int perSecond, int burst, TimeProvider clock)
{
    private double _tokens = burst;
    private long _filled = clock.GetTimestamp();

    /// <summary>True when nothing of the budget is spent.</summary>
    public bool IsFull => TokensAt(clock.GetTimestamp()) >= burst;

    public bool TryTake()
    {
        long now = clock.GetTimestamp();
        _tokens = TokensAt(now);
        _filled = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }

    private double TokensAt(long now) => Math.Min(burst, _tokens + (clock.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
}
