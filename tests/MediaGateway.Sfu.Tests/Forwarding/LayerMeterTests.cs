using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding;

public sealed class LayerMeterTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>A sound of 100 bytes every 20 ms, with what is around them.</summary>
    private const long Rate = (100 + LayerMeter.PacketOverhead) * 8 * 50;

    [Theory]
    [InlineData(800)]
    [InlineData(1700)]
    [InlineData(2700)]
    public void What_was_held_up_and_comes_at_once_is_no_higher_rate(int heldUp)
    {
        LayerMeter meter = new();
        for (int i = 0; i < 500; i++)
        {
            TimeSpan sent = i * Interval, free = TimeSpan.FromSeconds(5), end = free + TimeSpan.FromMilliseconds(heldUp);
            meter.OnPacket(default, default, 100, MonotonicTime.Zero + (sent >= free && sent < end ? end : sent));

            if (sent >= TimeSpan.FromSeconds(1))
                Assert.InRange(meter.PeakOf(0, 0), Rate * 8 / 10, Rate * 15 / 10);
        }
    }

    [Fact]
    public void Rise_of_the_rate_is_seen_within_two_windows()
    {
        LayerMeter meter = new();
        for (int i = 0; i < 302; i++)
            meter.OnPacket(default, default, i < 250 ? 100 : 344, MonotonicTime.Zero + (i * Interval));

        Assert.InRange(meter.PeakOf(0, 0), (long)(Rate * 1.7), Rate * 3);
    }
}
