using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>
/// The freezes of a picture as the W3C counts them (webrtc-stats, <c>freezeCount</c>): a picture that comes later than three times the
/// mean of the last 30 intervals, and than that mean and 150 ms, ends one.
/// </summary>
public sealed class Freezes
{
    private const int Remembered = 30;

    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(150);

    private readonly Queue<TimeSpan> _intervals = new();
    private readonly List<(MonotonicTime Start, TimeSpan Length)> _freezes = [];
    private MonotonicTime? _last;
    private TimeSpan _sum;

    public int Count => _freezes.Count;

    /// <summary>The longest, 0 when there was none.</summary>
    public TimeSpan Longest => _freezes.Count == 0 ? TimeSpan.Zero : _freezes.Max(freeze => freeze.Length);

    public TimeSpan Total => new(_freezes.Sum(freeze => freeze.Length.Ticks));

    public void OnPicture(MonotonicTime now)
    {
        if (_last is { } last)
        {
            TimeSpan interval = now - last;
            Note(last, interval);
            _intervals.Enqueue(interval);
            _sum += interval;
            if (_intervals.Count > Remembered)
                _sum -= _intervals.Dequeue();
        }
        _last = now;
    }

    /// <summary>Counts the freeze that lasts still, when everything is over.</summary>
    public void OnEnd(MonotonicTime now)
    {
        if (_last is { } last)
            Note(last, now - last);
        _last = null;
    }

    private void Note(MonotonicTime start, TimeSpan interval)
    {
        if (_intervals.Count == 0)
            return;
        TimeSpan mean = _sum / _intervals.Count;
        if (interval > mean * 3 && interval > mean + Margin)
            _freezes.Add((start, interval));
    }
}
