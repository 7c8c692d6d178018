using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Network;

/// <summary>Memory of a wire in one direction, for the <see cref="LinkConditions"/> that go by what came before.</summary>
internal sealed class WireState
{
    private bool _isLosing;
    private MonotonicTime _last;

    /// <summary>Draws whether the next datagram is lost.</summary>
    public bool Loses(LinkConditions conditions, Random random)
    {
        double chance = conditions.Loss;
        if (conditions.LossBurst > 1)
            chance = _isLosing ? 1 - (1 / conditions.LossBurst) : chance / (conditions.LossBurst * (1 - chance));
        return _isLosing = random.NextDouble() < chance;
    }

    /// <summary>Draws when a datagram arrives that is sent now.</summary>
    public MonotonicTime Arrival(LinkConditions conditions, Random random, MonotonicTime now)
    {
        MonotonicTime arrival = now + conditions.Delay + conditions.Jitter * random.NextDouble();
        return conditions.KeepsOrder ? _last = MonotonicTime.Max(_last, arrival) : arrival;
    }
}
