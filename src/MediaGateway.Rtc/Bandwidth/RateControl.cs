using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The rule by which the estimate moves: down to a part of what a full path carries, up in proportion far from a known capacity and by a
/// packet for each response near it, and never beyond what arrives without a probe (AIMD, draft-ietf-rmcat-gcc-02 section 5.5).
/// </summary>
internal sealed class RateControl
{
    /// <summary>Share of a measured capacity that is kept.</summary>
    private const double Beta = 0.88;

    /// <summary>Growth in a second far from a known capacity.</summary>
    private const double Growth = 0.08;

    private const double PacketBits = 1200 * 8;

    /// <summary>Factor by which the estimate may exceed what arrives, when no probe has shown more.</summary>
    private const double Headroom = 1.15;

    /// <summary>The same where nothing can be probed.</summary>
    private const double HeadroomWithoutProbes = 1.5;

    /// <summary>Part of the estimate below which the application limits the rate, not the path.</summary>
    private const double ApplicationLimited = 0.85;

    private static readonly TimeSpan ResponseMargin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SettleMargin = TimeSpan.FromMilliseconds(200);

    private readonly LinkCapacity _capacity = new();
    private MonotonicTime _updated;
    private MonotonicTime _decreased;

    /// <summary>True where there is filler to probe with.</summary>
    public bool CanProbe { get; set; } = true;

    /// <summary>The estimate, bits per second.</summary>
    public double Rate { get; private set; }

    public double? Capacity => _capacity.Mean;

    public void Begin(double rate) => Rate = rate;

    public bool IsApplicationLimited(double sent) => CanProbe && sent < ApplicationLimited * Rate;

    /// <summary>Lets the estimate rise for as long as the path takes all that is sent.</summary>
    public void Increase(double sent, double arriving, TimeSpan roundTrip, MonotonicTime now)
    {
        _capacity.Check(arriving, now);
        TimeSpan elapsed = TakeElapsed(now);
        if (IsApplicationLimited(sent) || now - _decreased < roundTrip + SettleMargin)
            return;
        double seconds = elapsed.TotalSeconds, response = (roundTrip + ResponseMargin).TotalSeconds;
        double step = _capacity.IsNear(Rate)
            ? PacketBits / response * seconds : Growth * Rate * seconds;
        Rate = Math.Max(Rate, Math.Min(Rate + step, (CanProbe ? Headroom : HeadroomWithoutProbes) * arriving));
    }

    /// <summary>Takes what arrives for what the path carries, with its headroom: nothing else is known of it yet.</summary>
    public void OnArrival(double arriving) => Rate = Math.Max(Rate, (CanProbe ? Headroom : HeadroomWithoutProbes) * arriving);

    /// <summary>Leaves the estimate as it is.</summary>
    public void Keep(MonotonicTime now) => TakeElapsed(now);

    /// <summary>Takes the estimate down to a part of what the path was seen to carry while it was full.</summary>
    /// <returns>False when the last decrease cannot have shown yet.</returns>
    public bool Decrease(double carried, TimeSpan roundTrip, MonotonicTime now)
    {
        TakeElapsed(now);
        if (now - _decreased < roundTrip + SettleMargin)
            return false;
        _capacity.OnOveruse(carried, now);
        if (Beta * carried >= Rate)
            return false;
        Rate = Beta * carried;
        _decreased = now;
        return true;
    }

    /// <summary>Takes what a probe has shown.</summary>
    public void OnProbe(double result, bool isFull, MonotonicTime now)
    {
        if (isFull)
            _capacity.OnProbe(result, now);
        else if (_capacity.Mean < result)
            _capacity.Clear();
        if (result > Rate)
            Rate = result;
    }

    /// <summary>Sets the estimate for a reason outside of the rule.</summary>
    public void Set(double rate, MonotonicTime now)
    {
        TakeElapsed(now);
        if (rate < Rate)
            _decreased = now;
        Rate = rate;
    }

    public void Clear()
    {
        _capacity.Clear();
        (_updated, _decreased) = (default, default);
    }

    private TimeSpan TakeElapsed(MonotonicTime now)
    {
        TimeSpan elapsed = _updated == default ? TimeSpan.Zero : now - _updated;
        _updated = now;
        return elapsed < TimeSpan.FromMilliseconds(300) ? elapsed : TimeSpan.FromMilliseconds(300);
    }
}
