using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

public sealed class RemoteClockTests
{
    private static readonly NtpTime Remote = new(0x1234_0000_0000_0000);

    private readonly RemoteClock _clock = new();

    [Fact]
    public void Report_with_the_least_delay_decides()
    {
        Report(0, 80);
        Report(1000, 1020);
        Report(2000, 2150);

        Assert.InRange(Error(5000, 5020), -1, 1);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(500)]
    [InlineData(-500)]
    public void Clock_that_drifts_is_followed(int microseconds)
    {
        for (int second = 0; second <= 1000; second++)
        {
            TimeSpan drift = TimeSpan.FromMicroseconds(microseconds * second);
            _clock.OnSenderReport(Remote + Milliseconds(second * 1000), At(second * 1000) + drift);
        }

        Assert.InRange(Error(1_000_000, 1_000_000 + microseconds), -2, 2);
    }

    [Fact]
    public void Report_without_a_clock_says_nothing()
    {
        for (int second = 0; second < 10; second++)
            _clock.OnSenderReport(default, At(second * 1000));

        Assert.False(_clock.IsKnown);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Clock_that_stands_still_says_nothing(int interval)
    {
        Report(0, 10);
        for (int i = 1; i < 50; i++)
            Report(0, 10 + (i * interval));

        Assert.InRange(Error(0, 10), -1, 1);
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    [InlineData(300)]
    [InlineData(-300)]
    public void Clock_that_is_set_is_followed_at_the_third_report_and_not_before(int step)
    {
        Report(0, 10);
        Report(1000, 1010);
        Report(2000 + step, 2010);
        Report(3000 + step, 3010);
        Assert.InRange(Error(4000, 4010), -1, 1);

        Report(4000 + step, 4010);

        Assert.InRange(Error(5000 + step, 5010), -1, 1);
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    [InlineData(200)]
    public void Report_that_jumps_once_changes_nothing(int step)
    {
        Report(0, 10);
        Report(1000 + step, 1010);
        Report(2000, 2010);

        Assert.InRange(Error(3000, 3010), -1, 1);
        Assert.False(_clock.IsPlausible(Remote + Milliseconds(1000 + step), At(1010)));
    }

    [Fact]
    public void Reports_of_many_streams_that_come_together_confirm_nothing()
    {
        Report(0, 10);
        for (int stream = 0; stream < 5; stream++)
            Report(60_000 + stream, 1010);

        Assert.InRange(Error(2000, 2010), -1, 1);
    }

    private void Report(int remote, int arrival) => _clock.OnSenderReport(Remote + Milliseconds(remote), At(arrival));

    private double Error(int remote, int local) => (_clock.ToLocal(Remote + Milliseconds(remote)) - At(local)).TotalMilliseconds;

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);

    private static MonotonicTime At(int milliseconds) => MonotonicTime.FromMilliseconds(milliseconds);
}
