using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The rate that the path carried when it was full, smoothed, and its deviation. Near it, the estimate rises in small steps; it is
/// forgotten when something beyond three deviations is carried, or after a minute.
/// </summary>
internal sealed class LinkCapacity
{
    private const double OveruseWeight = 0.2;
    private const double ProbeWeight = 0.5;
    private const double LeastDeviation = 0.03;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private double _mean;
    private double _variance;
    private MonotonicTime _updated;

    /// <summary>Smoothed capacity, bits per second; null when it is not known.</summary>
    public double? Mean => _mean > 0 ? _mean : null;

    private double Deviation => Math.Max(Math.Sqrt(_variance), LeastDeviation) * _mean;

    public void OnOveruse(double rate, MonotonicTime now) => Add(rate, OveruseWeight, now);

    public void OnProbe(double rate, MonotonicTime now) => Add(rate, ProbeWeight, now);

    /// <summary>True when a rate is near the capacity that is known.</summary>
    public bool IsNear(double rate) => _mean > 0 && rate > _mean - 3 * Deviation;

    /// <summary>Forgets a capacity that is exceeded by what arrives, or is old.</summary>
    public void Check(double arriving, MonotonicTime now)
    {
        if (_mean > 0 && (arriving > _mean + 3 * Deviation || now - _updated > Lifetime))
            Clear();
    }

    public void Clear() => _mean = _variance = 0;

    private void Add(double rate, double weight, MonotonicTime now)
    {
        _updated = now;
        if (_mean <= 0 || Math.Abs(rate - _mean) > 3 * Deviation)
        {
            (_mean, _variance) = (rate, 0);
            return;
        }
        double error = (rate - _mean) / _mean;
        _variance = (1 - weight) * (_variance + weight * error * error);
        _mean += weight * (rate - _mean);
    }
}
