using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Links;

/// <summary>The congestion window of CUBIC (RFC 9438) in segments: slow start, cubic function, Reno-friendly region, decrease.</summary>
public sealed class CubicWindow
{
    private const double C = 0.4;
    private const double Beta = 0.7;
    private const double RenoIncrease = 3 * (1 - Beta) / (1 + Beta);
    private const double Initial = 10;

    private double _threshold = double.PositiveInfinity;
    private double _maximum;
    private double _reno;
    private double _prior;
    private double _k;
    private MonotonicTime? _epoch;

    /// <summary>Segments that may be in flight.</summary>
    public double Segments { get; private set; } = Initial;

    public bool IsInSlowStart => Segments < _threshold;

    /// <summary>A segment was acknowledged.</summary>
    public void OnAcknowledged(TimeSpan roundTrip, MonotonicTime now)
    {
        if (IsInSlowStart)
        {
            Segments++;
            return;
        }
        if (_epoch is not { } epoch)
            _epoch = epoch = BeginEpoch(now);
        // Section 4.3: the window that Reno would have, which takes over alpha 1 where the last decrease began.
        _reno += (_reno >= _prior ? 1 : RenoIncrease) / Segments;
        if (Cubic(now - epoch) < _reno)
        {
            Segments = Math.Max(Segments, _reno);
            return;
        }
        double target = Math.Clamp(Cubic(now - epoch + roundTrip), Segments, 1.5 * Segments);
        Segments += (target - Segments) / Segments;
    }

    /// <summary>Something was lost, for the first time in a round trip (sections 4.6 and 4.7).</summary>
    public void OnLoss()
    {
        _maximum = Segments < _maximum ? Segments * (1 + Beta) / 2 : Segments;
        Decrease();
        Segments = _threshold;
    }

    /// <summary>Nothing was acknowledged for too long (section 4.8).</summary>
    public void OnTimeout()
    {
        _maximum = Segments;
        Decrease();
        Segments = 1;
    }

    private void Decrease()
    {
        _prior = Segments;
        _threshold = Math.Max(2, Segments * Beta);
        _epoch = null;
    }

    private MonotonicTime BeginEpoch(MonotonicTime now)
    {
        _maximum = Math.Max(_maximum, Segments);
        _k = Math.Cbrt((_maximum - Segments) / C);
        _reno = Segments;
        return now;
    }

    private double Cubic(TimeSpan time) => C * Math.Pow(time.TotalSeconds - _k, 3) + _maximum;
}
