using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>
/// The estimate that a receiver states in REMB, made as simply as shows its course: 0.85 of what arrives while a queue stands, else 8 %
/// more a second, and never above 1.5 times what arrives and 10 kb/s (draft-ietf-rmcat-gcc-02 section 5.5).
/// </summary>
public sealed class RembEstimator
{
    private static readonly TimeSpan StandingQueue = TimeSpan.FromMilliseconds(30);

    private TimeSpan _least = TimeSpan.MaxValue;
    private TimeSpan _leastLately = TimeSpan.MaxValue;
    private MonotonicTime? _since;
    private long _bytes;
    private double _estimate = double.PositiveInfinity;

    /// <summary>Takes what has arrived, and how long it was on its way where that is known.</summary>
    public void OnPacket(int bytes, TimeSpan? oneWay, MonotonicTime now)
    {
        _since ??= now;
        _bytes += bytes;
        if (oneWay is not { } time)
            return;
        _least = time < _least ? time : _least;
        _leastLately = time < _leastLately ? time : _leastLately;
    }

    /// <summary>Takes stock since the last time.</summary>
    public Bitrate Take(MonotonicTime now)
    {
        TimeSpan elapsed = now - (_since ?? now);
        if (elapsed <= TimeSpan.Zero)
            return Bitrate.Zero;
        double received = Bitrate.Of(_bytes, elapsed).BitsPerSecond;
        bool isStanding = _leastLately != TimeSpan.MaxValue && _leastLately - _least > StandingQueue;
        double wanted = isStanding ? Math.Min(_estimate, 0.85 * received) : _estimate * Math.Pow(1.08, elapsed.TotalSeconds);
        _estimate = Math.Min(wanted, 1.5 * received + 10_000);
        (_since, _bytes, _leastLately) = (now, 0, TimeSpan.MaxValue);
        return new Bitrate((long)_estimate);
    }
}
