using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The estimate where receiver reports are all that comes, beside REMB or without it (draft-ietf-rmcat-gcc-02 section 6): no limit until
/// losses speak, then less by half of the loss above 10 %, more below 2 %. A receiver's own estimate is at most half as much again as what
/// it gets, so it is a limit only where it is near to that; where it is far above, it says that more would be carried.
/// </summary>
internal sealed class ReportControl
{
    private const double LowLoss = 0.02;
    private const double HighLoss = 0.10;
    private const double Growth = 0.08;

    /// <summary>Part of what is sent from which on REMB is no limit.</summary>
    private const double Ample = 1.2;

    /// <summary>Factor by which the rate may exceed what the receiver states: the next encoding takes three times the one below.</summary>
    private const double Trial = 4;

    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan FirstHold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(120);

    private readonly CircuitBreaker _breaker = new();
    private double _failed;
    private TimeSpan _hold = FirstHold;
    private MonotonicTime _decreased;
    private MonotonicTime _updated;

    /// <summary>The estimate, bits per second; null while nothing limits.</summary>
    public double? Rate { get; private set; }

    public bool HasReports { get; private set; }

    /// <summary>True once the receiver has stated an estimate of its own, which then decides when the rate may rise.</summary>
    public bool HasMaximum { get; private set; }

    /// <summary>Notes the receiver's own estimate (REMB).</summary>
    public void OnMaximum(double rate, double sent, MonotonicTime now)
    {
        TimeSpan elapsed = HasMaximum ? now - _updated : TimeSpan.Zero;
        (HasMaximum, _updated) = (true, now);
        bool isLimit = rate < Ample * sent;
        if (Rate is not { } limit)
            Rate = isLimit ? rate : Math.Max(rate, sent);
        else if (isLimit && rate < limit)
            Decrease(rate, now);
        else if (!isLimit)
            Increase(elapsed, Trial * Math.Max(rate, sent), now);
    }

    /// <summary>Notes a report.</summary>
    public void OnReport(double fractionLost, TimeSpan roundTrip, double sent, MonotonicTime now)
    {
        HasReports = true;
        if (_breaker.Trips(fractionLost, roundTrip, sent))
            Decrease(sent / 10, now);
        else if (fractionLost > HighLoss && now - _decreased >= LeastInterval + roundTrip)
            Decrease(Math.Min(Rate ?? sent, sent) * (1 - fractionLost / 2), now);
        else if (fractionLost < LowLoss && !HasMaximum)
            Increase(now - _updated, double.MaxValue, now);
        if (!HasMaximum)
            _updated = now;
    }

    public void Clear()
    {
        (Rate, _failed, _hold, HasReports, HasMaximum) = (null, 0, FirstHold, false, false);
        _breaker.Clear();
    }

    private void Decrease(double rate, MonotonicTime now)
    {
        double before = Rate ?? double.MaxValue;
        // What failed once is tried again later and later, so that a line is not filled each few seconds to see whether it is full.
        if (_failed > 0 && before > 0.9 * _failed && now - _decreased < 2 * _hold)
            _hold = 2 * _hold < LongestHold ? 2 * _hold : LongestHold;
        if (before != double.MaxValue || _failed == 0)
            _failed = before == double.MaxValue ? rate * 1.5 : before;
        Rate = rate;
        _decreased = now;
    }

    private void Increase(TimeSpan elapsed, double most, MonotonicTime now)
    {
        if (Rate is not { } limit)
            return;
        double wanted = Math.Max(limit, Math.Min(most, limit * (1 + Growth * Math.Min(elapsed.TotalSeconds, 2))));
        Rate = _failed > 0 && now - _decreased < _hold ? Math.Max(limit, Math.Min(wanted, 0.9 * _failed)) : wanted;
    }
}
