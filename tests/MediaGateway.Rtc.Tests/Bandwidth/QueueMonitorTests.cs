using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Bandwidth;

public sealed class QueueMonitorTests
{
    private readonly QueueMonitor _queue = new(new ArrivalWindow());
    private double _time = 1000;

    [Fact]
    public void Steady_delay_is_no_queue()
    {
        Send(2000, static _ => 30);

        Assert.Equal(0, _queue.Queue, 1.0);
        Assert.False(_queue.IsAbove);
    }

    [Fact]
    public void Delay_that_grows_is_a_queue_that_grows()
    {
        Send(2000, static _ => 30);
        Send(400, static time => 30 + time / 2);

        Assert.InRange(_queue.Queue, 100, 200);
        Assert.InRange(_queue.Growth, 60, 140);
        Assert.True(_queue.IsAbove);
        Assert.InRange(_queue.Busy.TotalMilliseconds, 200, 600);
    }

    [Fact]
    public void Bunch_of_a_receiver_that_was_late_is_no_queue()
    {
        Send(2000, static _ => 30);
        // For 200 ms nothing is read; then everything is, at one time.
        double end = _time + 230;
        Send(200, time => end - (end - 230 + time));

        Assert.InRange(_queue.Queue, 0, 40);
        Send(60, static _ => 30);
        Assert.False(_queue.IsAbove);
    }

    [Theory]
    [InlineData(0.0005)]
    [InlineData(-0.0005)]
    public void Clock_that_drifts_is_no_queue(double drift)
    {
        double start = _time;
        Send(600_000, time => 30 + time * drift);

        Assert.InRange(_queue.Queue, 0, 2);
        Assert.True(_time > start);
    }

    [Fact]
    public void Threshold_widens_with_jitter()
    {
        double narrow = _queue.Threshold;
        var random = new Random(1);
        Send(3000, _ => 30 + 60 * random.NextDouble());

        Assert.InRange(_queue.Threshold, narrow + 10, 60);
        Assert.False(_queue.IsAbove);
    }

    [Fact]
    public void Clock_that_jumps_begins_anew()
    {
        Send(2000, static _ => 30);
        Send(500, static _ => 3_600_000);

        Assert.Equal(0, _queue.Queue, 1.0);
    }

    /// <summary>Sends a packet each 5 ms.</summary>
    private void Send(double milliseconds, Func<double, double> delay)
    {
        for (double elapsed = 0; elapsed < milliseconds; elapsed += 5, _time += 5)
        {
            _queue.Add(new PacketResult(new MonotonicTime((long)(_time * 10_000)), TimeSpan.FromMilliseconds(_time + delay(elapsed)),
                true, 1000, 0));
            _queue.Update();
        }
    }
}
