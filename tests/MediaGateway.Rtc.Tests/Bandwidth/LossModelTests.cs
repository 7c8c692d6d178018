using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Bandwidth;

public sealed class LossModelTests
{
    private readonly LossModel _model = new();
    private readonly Random _random = new(1);
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.10)]
    public void Random_loss_is_the_paths_own(double loss)
    {
        Send(megabits: 1, seconds: 10, () => _random.NextDouble() < loss);

        Assert.Null(_model.Limit);
        Assert.InRange(_model.Inherent, loss / 2, loss * 1.6);
    }

    [Fact]
    public void Loss_of_what_exceeds_a_rate_has_a_limit()
    {
        // A policer at 1 Mb/s.
        Send(megabits: 0.8, seconds: 2, () => false);
        Send(megabits: 1.6, seconds: 2, () => _random.NextDouble() < 0.375);

        Assert.InRange(_model.Limit!.Value, 0.8e6, 1.15e6);
        Assert.InRange(_model.Inherent, 0, 0.05);
    }

    [Fact]
    public void Loss_that_stays_when_less_is_sent_is_the_paths_own()
    {
        Send(megabits: 2, seconds: 3, () => _random.NextDouble() < 0.25);
        Send(megabits: 0.8, seconds: 6, () => _random.NextDouble() < 0.25);

        Assert.Null(_model.Limit);
        Assert.InRange(_model.Inherent, 0.15, 0.35);
    }

    [Fact]
    public void Loss_beside_a_queue_says_nothing_of_the_path()
    {
        Send(megabits: 1, seconds: 3, () => false);
        Send(megabits: 1, seconds: 2, () => _random.NextDouble() < 0.3, hasQueue: true);

        Assert.Null(_model.Limit);
        Assert.InRange(_model.Inherent, 0, 0.02);
        Assert.InRange(_model.Excess, 0.15, 0.4);
    }

    private void Send(double megabits, double seconds, Func<bool> isLost, bool hasQueue = false)
    {
        MonotonicTime end = _now + TimeSpan.FromSeconds(seconds);
        for (; _now < end; _now += TimeSpan.FromSeconds(8000 / (megabits * 1e6)))
        {
            _model.Add(new PacketResult(_now, default, !isLost(), 1000, 0));
            _model.Update(hasQueue, _now);
        }
    }
}
