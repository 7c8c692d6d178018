using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Bandwidth;

namespace MediaGateway.Sfu.Tests.Bandwidth;

public sealed class RembEstimatorTests
{
    private readonly RembEstimator _estimator = new();
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(5000);

    [Fact]
    public void Estimate_rises_to_half_more_than_what_arrives_while_nothing_queues()
    {
        double last = Receive(seconds: 20, kilobits: 400, oneWay: 50);

        Assert.Equal(1.5 * 400 + 10, last, 1.0);
    }

    [Fact]
    public void Estimate_is_below_what_arrives_while_a_queue_stands_and_recovers_by_eight_percent_a_second()
    {
        Receive(seconds: 5, kilobits: 800, oneWay: 50);
        double queued = Receive(seconds: 3, kilobits: 800, oneWay: 250);
        Assert.Equal(0.85 * 800, queued, 1.0);

        double recovered = Receive(seconds: 2, kilobits: 800, oneWay: 50);
        Assert.Equal(queued * Math.Pow(1.08, 2), recovered, 10.0);
    }

    [Fact]
    public void Jitter_that_some_packets_escape_is_no_queue()
    {
        double last = 0;
        for (int i = 0; i < 50; i++)
        {
            Receive(seconds: 0.1, kilobits: 400, oneWay: 120);
            last = Receive(seconds: 0.1, kilobits: 400, oneWay: 55);
        }

        Assert.True(last > 400, $"{last}");
    }

    /// <summary>Packets every 10 ms; takes the estimate every 200 ms, and returns the last in kb/s.</summary>
    private double Receive(double seconds, double kilobits, int oneWay)
    {
        double last = 0;
        for (int i = 1; i <= (int)(seconds * 100); i++)
        {
            _estimator.OnPacket((int)(kilobits * 1000 / 8 / 100), TimeSpan.FromMilliseconds(oneWay), _now);
            _now += TimeSpan.FromMilliseconds(10);
            if (_now.Ticks % TimeSpan.FromMilliseconds(200).Ticks == 0)
                last = _estimator.Take(_now).BitsPerSecond / 1000.0;
        }
        return last;
    }
}
