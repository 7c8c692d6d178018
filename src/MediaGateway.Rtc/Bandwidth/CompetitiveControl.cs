using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The rule beside a flow that fills the queue whatever we do: more by packets for each round trip, as TCP's, less at losses only, and
/// never less than a floor that carries sound and a small picture.
/// </summary>
internal sealed class CompetitiveControl
{
    /// <summary>Packets by which the rate grows in a round trip.</summary>
    private const double Packets = 1.5;

    private const double PacketBits = 1200 * 8;
    private const double Beta = 0.75;
    private const double Headroom = 1.25;

    /// <summary>Losses that are taken for a full queue.</summary>
    private const double LossOfFullQueue = 0.01;

    /// <summary>Losses at which even the floor is too much.</summary>
    private const double Starving = 0.15;

    /// <summary>Least rate while fewer packets are lost, bits per second.</summary>
    private const double Floor = 300_000;

    /// <summary>Seconds beside the round trip until a rate shows: a report waits, and what is sent comes in pictures.</summary>
    private const double Margin = 0.1;

    private const double FairPart = 0.5;
    private const double LeastPart = 0.2;

    private static readonly TimeSpan Retreat = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private MonotonicTime _updated;
    private MonotonicTime _decreased;
    private MonotonicTime _retreated;
    private double _share;
    private double _fair;
    private double _least = Floor;

    /// <summary>Half of what the path was known to carry alone, bits per second.</summary>
    public double FairShare => Math.Max(_share, Floor);

    /// <summary>Notes what was known when delay first took the rate down: half of it is our fair share.</summary>
    /// <param name="estimate">The estimate before, bits per second.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="now">The time.</param>
    public void OnDecrease(double estimate, double sent, MonotonicTime now)
    {
        // Several decreases in a row are one retreat.
        bool isRetreat = now - _retreated < Retreat;
        _retreated = now;
        _share = Math.Max(isRetreat ? _share : 0, FairPart * estimate);
        _fair = Math.Max(isRetreat ? _fair : 0, Math.Min(sent, FairPart * estimate));
        _least = Math.Max(isRetreat ? _least : Floor, LeastPart * estimate);
    }

    public void Update(RateControl control, double arriving, double loss, TimeSpan roundTrip, MonotonicTime now)
    {
        if (_updated == default)
        {
            _updated = now;
            control.Set(Math.Max(Math.Max(control.Rate, _fair), _least), now);
        }
        double seconds = Math.Min((now - _updated).TotalSeconds, 0.3), response = roundTrip.TotalSeconds + Margin;
        _updated = now;
        if (loss > LossOfFullQueue)
        {
            if (now - _decreased < Interval)
                return;
            _decreased = now;
            control.Set(Math.Min(control.Rate, Math.Max(Beta * control.Rate, loss < Starving ? _least : 0)), now);
            return;
        }
        double wanted = control.Rate + Packets * PacketBits / (response * response) * seconds;
        control.Set(Math.Max(control.Rate, Math.Min(wanted, Headroom * arriving)), now);
    }

    public void Clear() => _updated = default;
}
