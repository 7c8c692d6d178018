namespace MediaGateway.Server.Http;

/// <summary>A budget that refills with time.</summary>
internal sealed class TokenBucket(int perSecond, int burst, TimeProvider clock)
{
    private double _tokens = burst;
    private long _filled = clock.GetTimestamp();

    public bool TryTake()
    {
        long now = clock.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (clock.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
        _filled = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }
}
