namespace MediaGateway.Server.Hosting;

/// <summary>
/// Tells when a burst of allocations is over, as of many joins: it looks once a second at how much the process has allocated so far.
/// What a quiet gateway allocates is no burst, and bursts that follow each other closely are one.
/// </summary>
/// <param name="allocatedBytes">Bytes that the process has allocated up to now.</param>
internal sealed class AllocationBursts(long allocatedBytes)
{
    /// <summary>Least that is allocated in a second of a burst, bytes.</summary>
    public const long BurstBytes = 1 << 20;

    /// <summary>Seconds without a burst after which it counts as over.</summary>
    public const int CalmSeconds = 2;

    /// <summary>Least time between two ends, seconds.</summary>
    public const int LeastInterval = 10;

    private long _allocatedBytes = allocatedBytes;
    private int _sinceEnd = LeastInterval;
    private int _calm;
    private bool _isInBurst;

    /// <summary>Looks at what the last second has brought; true when a burst has ended. The caller calls it each second.</summary>
    /// <param name="allocatedBytes">Bytes that the process has allocated up to now.</param>
    public bool HasEnded(long allocatedBytes)
    {
        bool isBurst = allocatedBytes - _allocatedBytes >= BurstBytes;
        _allocatedBytes = allocatedBytes;
        _isInBurst |= isBurst;
        _calm = isBurst ? 0 : _calm + 1;
        _sinceEnd++;
        if (!_isInBurst || _calm < CalmSeconds || _sinceEnd < LeastInterval)
            return false;
        _isInBurst = false;
        _sinceEnd = 0;
        return true;
    }
}
