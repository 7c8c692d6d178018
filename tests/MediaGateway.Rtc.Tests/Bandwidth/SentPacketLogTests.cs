using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Bandwidth;

/// <summary>The log holds what feedback is awaited for, and no more.</summary>
public sealed class SentPacketLogTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(1_000);

    private readonly SentPacketLog _log = new();

    [Fact]
    public void Entry_takes_16_bytes() => Assert.Equal(16, System.Runtime.CompilerServices.Unsafe.SizeOf<SentPacket>());

    [Fact]
    public void Log_of_a_viewer_with_feedback_stays_small_and_takes_nothing_when_idle()
    {
        Assert.Equal(0, _log.Capacity);

        // 270 packets a second are 2.5 Mb/s; feedback comes 160 ms later.
        MonotonicTime now = Send(packets: 2_700, TimeSpan.FromMilliseconds(3.7), acknowledgedAfter: 43);

        Assert.Equal(64, _log.Capacity);
        _log.ReleaseIfIdle(now + TimeSpan.FromSeconds(9));
        Assert.Equal(64, _log.Capacity);
        _log.ReleaseIfIdle(now + TimeSpan.FromSeconds(10));
        Assert.Equal((0, 0L, _log.Next), (_log.Capacity, _log.BytesInFlight, _log.First));
    }

    [Fact]
    public void Log_without_feedback_holds_two_seconds()
    {
        MonotonicTime now = Send(packets: 3_000, TimeSpan.FromMilliseconds(3.7), acknowledgedAfter: int.MaxValue);

        Assert.Equal(1024, _log.Capacity);
        Assert.InRange(_log.Next - _log.First, 540, 1024);
        Assert.Equal((_log.Next - _log.First) * 1000, _log.BytesInFlight);
        Assert.Equal(3_000 - (_log.Next - _log.First), _log.Unacknowledged);
        _log.Trim(now);
        Assert.InRange(_log.Next - _log.First, 539, 542);
    }

    [Fact]
    public void Long_round_trip_is_waited_for()
    {
        _log.SetRoundTrip(TimeSpan.FromSeconds(2));

        Send(packets: 2_000, TimeSpan.FromMilliseconds(5), acknowledgedAfter: int.MaxValue);

        Assert.InRange(_log.Next - _log.First, 1_000, 1_024);
    }

    [Fact]
    public void Log_never_holds_more_than_half_the_numbers()
    {
        Send(packets: 100_000, TimeSpan.Zero, acknowledgedAfter: int.MaxValue);

        Assert.Equal((32_768, 32_768L), (_log.Capacity, _log.Next - _log.First));
        Assert.Equal(67_232, _log.Unacknowledged);
    }

    [Fact]
    public void Steady_sending_allocates_nothing()
    {
        Send(packets: 1_000, TimeSpan.FromMilliseconds(1), acknowledgedAfter: 50);

        Assert.Equal(0, Allocations.Of(() => Send(packets: 100, TimeSpan.FromMilliseconds(1), acknowledgedAfter: 50)));
    }

    private MonotonicTime Send(int packets, TimeSpan interval, int acknowledgedAfter)
    {
        MonotonicTime now = MonotonicTime.Max(Start, _log.LastSent);
        for (int i = 0; i < packets; i++, now += interval)
        {
            _log.Add(1000, 0, now);
            if (i < acknowledgedAfter)
                continue;
            _log.Settle(ref _log[_log.Next - 1 - acknowledgedAfter], PacketFate.Received);
            _log.Trim(now);
        }
        return now;
    }
}
