namespace MediaGateway.Server.Background;

/// <summary>Limit of one log line a second for faults of one kind: a bug that everything hits must not fill the disk.</summary>
internal sealed class FaultRate(TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _last;
    private int _suppressed;

    /// <summary>Tells whether a fault may be logged now.</summary>
    /// <param name="suppressed">Number of faults since the last one that might.</param>
    public bool TryTake(out int suppressed)
    {
        lock (_lock)
        {
            suppressed = _suppressed;
            if (_last is { } last && clock.GetElapsedTime(last) < Interval)
            {
                _suppressed++;
                return false;
            }
            _last = clock.GetTimestamp();
            _suppressed = 0;
            return true;
        }
    }
}
