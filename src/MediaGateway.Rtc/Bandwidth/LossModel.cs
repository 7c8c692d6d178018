using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// Two explanations of losses: the path always loses a part, or it loses what exceeds a rate (a policer, a queue of no length). The more
/// likely one of the last observations holds; what cannot be told apart is taken for the first, unless a large part is lost.
/// </summary>
internal sealed class LossModel
{
    private const int Observations = 16;
    private const int LeastPackets = 12;

    /// <summary>Part that a path is not believed to lose always, without proof.</summary>
    private const double DoubtfulLoss = 0.12;

    /// <summary>Factor up to which more than what was proven is not doubted either.</summary>
    private const double Allowance = 1.5;

    /// <summary>Logarithm of the odds by which a limit has to be the better explanation.</summary>
    private const double Preference = 5;

    private const double Margin = 0.97;

    /// <summary>Part of the limit below which nothing may be due to it, and observations of losses there that refute it.</summary>
    private const double BelowLimit = 0.95;

    private const int Contradictions = 3;

    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1);

    private readonly Observation[] _observations = new Observation[Observations];
    private int _count;
    private double _proven;
    private int _contradictions;
    private Observation _current;
    private MonotonicTime _first;
    private MonotonicTime _last;
    private MonotonicTime _limited;

    /// <summary>Part of the packets that the path loses whatever is sent.</summary>
    public double Inherent { get; private set; }

    /// <summary>Part of the packets that was lost lately.</summary>
    public double Recent { get; private set; }

    /// <summary>Rate beyond which packets are lost, bits per second; null when there is none.</summary>
    public double? Limit { get; private set; }

    /// <summary>Losses beyond those that the path always has.</summary>
    public double Excess => Math.Max(0, Recent - Inherent);

    /// <summary>Notes a packet that feedback speaks of.</summary>
    public void Add(in PacketResult packet)
    {
        if (_current.Packets == 0)
            _first = _last = packet.Sent;
        _first = MonotonicTime.Min(_first, packet.Sent);
        _last = MonotonicTime.Max(_last, packet.Sent);
        _current.Packets++;
        _current.Bytes += packet.Bytes;
        _current.Lost += packet.IsReceived ? 0 : 1;
    }

    /// <summary>Ends an observation that is long enough.</summary>
    /// <param name="hasQueue">True while a queue stands: its losses say nothing of what the path always loses.</param>
    /// <param name="now">The time.</param>
    /// <returns>True when there is a new verdict.</returns>
    public bool Update(bool hasQueue, MonotonicTime now)
    {
        TimeSpan length = _last - _first;
        if (_current.Packets < LeastPackets || length < Length)
            return false;
        _current.Rate = _current.Bytes * 8.0 / length.TotalSeconds;
        Recent += ((double)_current.Lost / _current.Packets - Recent) * 0.4;
        if (!hasQueue)
        {
            _observations[_count++ % Observations] = _current;
            Contradict();
        }
        _current = default;
        if (!hasQueue && _count >= 3)
            Explain(now);
        return true;
    }

    public void Clear()
    {
        (_count, _current, Inherent, Recent, Limit, _proven) = (0, default, 0, 0, null, 0);
    }

    /// <summary>Losses that go on well below the limit are the path's own, and are not doubted any more.</summary>
    private void Contradict()
    {
        bool isBelow = Limit is { } limit && _current.Rate < BelowLimit * limit && _current.Lost > DoubtfulLoss / 2 * _current.Packets;
        _contradictions = isBelow ? _contradictions + 1 : 0;
        if (_contradictions < Contradictions)
            return;
        (Limit, _proven, _contradictions) = (null, Recent, 0);
    }

    private void Explain(MonotonicTime now)
    {
        (double inherent, double likelihood) = Fit(double.PositiveInfinity);
        double delivered = Delivered();
        (double bestLimit, double bestInherent, double best) = (double.PositiveInfinity, inherent, likelihood + Preference);
        ReadOnlySpan<double> limits = [delivered, Limit ?? delivered, (Limit ?? delivered) * 1.08];
        foreach (double limit in limits)
        {
            (double part, double value) = Fit(limit);
            if (value > best)
                (bestLimit, bestInherent, best) = (limit, part, value);
        }
        Inherent = bestInherent;
        if (!double.IsPositiveInfinity(bestLimit) && bestLimit > 0)
        {
            if (Limit is null || bestLimit < Limit)
                _limited = now;
            Limit = bestLimit;
        }
        else if (Limit is not null && now - _limited > Hold)
        {
            Limit = null;
        }
    }

    /// <summary>Least rate that got through while more than usual was lost.</summary>
    private double Delivered()
    {
        double sum = 0, weight = 0;
        for (int i = 0; i < Math.Min(_count, Observations); i++)
        {
            ref Observation observation = ref _observations[i];
            sum += observation.Rate * (observation.Packets - observation.Lost) / observation.Packets * observation.Lost;
            weight += observation.Lost;
        }
        return weight > 0 ? sum / weight * Margin : double.PositiveInfinity;
    }

    /// <summary>The part that is always lost if the rest is due to a limit, and the logarithm of the likelihood of both.</summary>
    private (double Inherent, double Likelihood) Fit(double limit)
    {
        double unexplained = 0.5, packets = 1;
        int count = Math.Min(_count, Observations);
        for (int i = 0; i < count; i++)
        {
            double due = DueTo(limit, _observations[i]);
            unexplained += Math.Max(0, _observations[i].Lost - due * _observations[i].Packets);
            packets += (1 - due) * _observations[i].Packets;
        }
        double inherent = Math.Clamp(unexplained / packets, 0.001, 0.6), likelihood = 0;
        for (int i = 0; i < count; i++)
        {
            double loss = Math.Min(0.999, inherent + (1 - inherent) * DueTo(limit, _observations[i]));
            ref Observation observation = ref _observations[i];
            likelihood += observation.Lost * Math.Log(loss) + (observation.Packets - observation.Lost) * Math.Log(1 - loss);
        }
        return (inherent, likelihood - Math.Max(0, inherent - Math.Max(DoubtfulLoss, Allowance * _proven)) * packets);
    }

    private static double DueTo(double limit, in Observation observation) =>
        observation.Rate > limit ? (observation.Rate - limit) / observation.Rate : 0;

    private struct Observation
    {
        public int Packets;
        public int Lost;
        public long Bytes;
        public double Rate;
    }
}
