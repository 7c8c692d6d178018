namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The delay of the path without a queue: the least that was seen, which rises by 600 ppm of the time, so that a receiver's clock that is
/// 500 ppm slow looks like no queue, and a path that became longer is believed in the end.
/// </summary>
internal sealed class BaseDelay
{
    private const double Leak = 600e-6;

    private double _least;
    private long _updated;

    public bool IsKnown { get; private set; }

    /// <summary>The delay, ticks; only differences to other delays mean something.</summary>
    public long Ticks => (long)_least;

    /// <summary>Notes the delay of a packet.</summary>
    public void Add(long arrival, long delay)
    {
        if (!IsKnown)
            (_least, _updated, IsKnown) = (delay, arrival, true);
        if (arrival > _updated)
        {
            _least += (arrival - _updated) * Leak;
            _updated = arrival;
        }
        if (delay < _least)
            _least = delay;
    }

    /// <summary>Takes the queue that stands now for the path itself: it does not move whatever is sent.</summary>
    public void Raise(long delay) => _least = Math.Max(_least, delay);

    public void Clear() => IsKnown = false;
}
