using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

public sealed class RemoteClockTests
{
    private static readonly NtpTime Remote = new(0x1234_0000_0000_0000);
    private static readonly NtpTime Local = new(0xE000_0000_0000_0000);

    [Fact]
    public void Report_with_the_least_delay_decides()
    {
        var clock = new RemoteClock();
        clock.OnSenderReport(Remote, Local + Milliseconds(80), At(80));
        clock.OnSenderReport(Remote + Milliseconds(1000), Local + Milliseconds(1020), At(1020));
        clock.OnSenderReport(Remote + Milliseconds(2000), Local + Milliseconds(2150), At(2150));

        TimeSpan error = clock.ToLocal(Remote + Milliseconds(5000)) - (Local + Milliseconds(5020));

        Assert.InRange(error.TotalMilliseconds, -0.5, 0.5);
    }

    [Fact]
    public void Clock_that_runs_slow_is_followed()
    {
        var clock = new RemoteClock();
        for (int second = 0; second <= 1000; second++)
        {
            // 50 ppm slow: the offset grows by 50 us a second.
            TimeSpan drift = TimeSpan.FromMicroseconds(50 * second);
            clock.OnSenderReport(Remote + Milliseconds(second * 1000), Local + Milliseconds(second * 1000) + drift, At(second * 1000));
        }

        TimeSpan error = clock.ToLocal(Remote + Milliseconds(1_000_000)) - (Local + Milliseconds(1_000_050));

        Assert.InRange(error.TotalMilliseconds, -2, 2);
    }

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);

    private static MonotonicTime At(int milliseconds) => MonotonicTime.FromMilliseconds(milliseconds);
}
