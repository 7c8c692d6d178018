using MediaGateway.Platform.Clock;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Clock;

public sealed class MonotonicClockTests
{
    [Fact]
    public void Time_begins_at_zero_and_never_goes_back()
    {
        MonotonicClock clock = new();
        MonotonicTime last = clock.Now;
        Assert.InRange(last.Ticks, 0, TimeSpan.TicksPerMinute);
        for (int i = 0; i < 100_000; i++)
        {
            MonotonicTime now = clock.Now;
            Assert.True(now >= last);
            last = now;
        }
    }

    [Theory]
    // RFC 5905 figure 4: the UNIX epoch, and the last second of era 0 and the first of era 1.
    [InlineData("1970-01-01T00:00:00Z", 2_208_988_800)]
    [InlineData("2036-02-07T06:28:15Z", 4_294_967_295)]
    [InlineData("2036-02-07T06:28:16Z", 0)]
    public void Ntp_clock_starts_from_the_wall_clock(string wallClock, long seconds)
    {
        MonotonicClock clock = new(new FixedWallClock(DateTimeOffset.Parse(wallClock, null)));
        NtpTime expected = new((ulong)seconds << 32);
        TimeSpan difference = clock.NtpClock.At(clock.Now) - expected;
        Assert.InRange(difference, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Ntp_fraction_is_of_2_to_the_32()
    {
        MonotonicClock clock = new(new FixedWallClock(DateTimeOffset.Parse("1970-01-01T00:00:00.5Z", null)));
        TimeSpan difference = clock.NtpClock.At(clock.Now) - new NtpTime(2_208_988_800UL << 32);
        Assert.InRange(difference.TotalSeconds, 0.499_999, 60);
    }

    private sealed class FixedWallClock(DateTimeOffset time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time;
    }
}
