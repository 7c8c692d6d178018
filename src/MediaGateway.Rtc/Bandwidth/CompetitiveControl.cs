using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The rule beside a flow that fills the queue whatever we do: more by packets for each round trip, as TCP's, less at losses only, and
/// never less than a floor that carries sound and a small picture.
/// </summary>
internal sealed class CompetitiveControl
{
    /// <summary>Packets by which the rate grows in a round trip.</summary>
    private const double Packets = 2;

    private const double PacketBits = 1200 * 8;
    private const double Beta = 0.85;
    private const double Headroom = 1.25;

    /// <summary>Losses that are taken for a full queue.</summary>
    private const double LossOfFullQueue = 0.03;

    /// <summary>Losses at which even the floor is too much.</summary>
    private const double Starving = 0.2;

    /// <summary>Least rate while fewer packets are lost, bits per second.</summary>
    private const double Floor = 300_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private MonotonicTime _updated;
    private MonotonicTime _decreased;
    private double _before;

    /// <summary>Notes what the path carried when delay last took the rate down.</summary>
    public void OnDecrease(double carried) => _before = carried;

    public void Update(RateControl control, double arriving, double loss, TimeSpan roundTrip, MonotonicTime now)
    {
        if (_updated == default)
        {
            _updated = now;
            control.Set(Math.Max(control.Rate, Beta * _before), now);
        }
        double seconds = Math.Min((now - _updated).TotalSeconds, 0.3), response = Math.Max(roundTrip.TotalSeconds, 0.05);
        _updated = now;
        if (loss > LossOfFullQueue)
        {
            if (now - _decreased < Interval)
                return;
            _decreased = now;
            control.Set(Math.Min(control.Rate, Math.Max(Beta * control.Rate, loss < Starving ? Floor : 0)), now);
            return;
        }
        double wanted = control.Rate + Packets * PacketBits / (response * response) * seconds;
        control.Set(Math.Max(control.Rate, Math.Min(wanted, Headroom * arriving)), now);
    }

    public void Clear() => _updated = default;
}
