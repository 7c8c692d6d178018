using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Bandwidth;

public sealed class ReportControlTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly ReportControl _control = new();
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);

    [Fact]
    public void Nothing_limits_before_losses_speak()
    {
        Report(0, sent: 2e6, count: 10);

        Assert.Null(_control.Rate);
    }

    [Fact]
    public void Loss_above_a_tenth_takes_half_of_it_away()
    {
        Report(0.4, sent: 2e6);

        Assert.Equal(1.6e6, _control.Rate);
    }

    [Fact]
    public void Remb_near_to_what_is_sent_is_never_exceeded()
    {
        _control.OnMaximum(500_000, sent: 450_000, _now);
        Report(0, sent: 450_000, count: 5);

        Assert.Equal(500_000, _control.Rate);
    }

    /// <summary>A receiver states at most half as much again as it gets, so one that gets little would never be sent more.</summary>
    [Fact]
    public void Remb_far_above_what_is_sent_lets_the_rate_rise()
    {
        _control.OnMaximum(310_000, sent: 200_000, _now);
        for (int i = 0; i < 50; i++)
        {
            _now += TimeSpan.FromMilliseconds(200);
            _control.OnMaximum(310_000, sent: 200_000, _now);
        }
        // 8 % a second for ten seconds.
        Assert.InRange(_control.Rate!.Value, 640_000, 700_000);
        for (int i = 0; i < 100; i++)
        {
            _now += TimeSpan.FromMilliseconds(200);
            _control.OnMaximum(310_000, sent: 200_000, _now);
        }
        // Four times what the receiver states, until it gets more and states more.
        Assert.Equal(1_240_000, _control.Rate!.Value);
    }

    [Fact]
    public void Remb_that_falls_below_what_is_sent_is_taken_at_once_and_what_failed_is_not_tried_for_ten_seconds()
    {
        _control.OnMaximum(2_000_000, sent: 1_500_000, _now);
        _control.OnMaximum(700_000, sent: 1_500_000, _now);
        Assert.Equal(700_000, _control.Rate);
        for (int i = 0; i < 200; i++)
        {
            _now += TimeSpan.FromMilliseconds(200);
            _control.OnMaximum(1_000_000, sent: 700_000, _now);
            if (i < 49)
                Assert.InRange(_control.Rate!.Value, 700_000, 1_800_000);
        }
        Assert.True(_control.Rate > 2_000_000);
    }

    [Fact]
    public void What_failed_is_tried_again_later_and_later()
    {
        double[] waits = new double[3];
        for (int i = 0; i < waits.Length; i++)
        {
            Report(0.4, sent: 2e6);
            MonotonicTime start = _now;
            while (_control.Rate < 1.95e6)
                Report(0, sent: 1e6);
            waits[i] = (_now - start).TotalSeconds;
        }

        Assert.True(waits[2] > waits[0] + 5, string.Join(' ', waits));
    }

    /// <summary>RFC 8083 section 4.3: three reports with ten times what TCP would send.</summary>
    [Fact]
    public void Breaker_takes_nine_tenths_away()
    {
        var breaker = new CircuitBreaker();
        // TCP: 9600 bit / (0.1 s * sqrt(2 * 0.5 / 3)) = 0.17 Mb/s.
        Assert.False(breaker.Trips(0.5, RoundTrip, 1.8e6));
        Assert.False(breaker.Trips(0.5, RoundTrip, 1.8e6));
        Assert.True(breaker.Trips(0.5, RoundTrip, 1.8e6));
        Assert.False(breaker.Trips(0.5, RoundTrip, 1.5e6));
        Assert.False(breaker.Trips(0.5, RoundTrip, 1.5e6));
        Assert.False(breaker.Trips(0.5, RoundTrip, 1.5e6));
    }

    private void Report(double loss, double sent, int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            _control.OnReport(loss, RoundTrip, sent, _now);
        }
    }
}
