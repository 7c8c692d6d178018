using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

public sealed class RtpSendStreamTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(10_000);

    private readonly RtpSendStream _stream = new(new Ssrc(1), new Ssrc(2), 90_000, new ExtendedSequence(5));

    [Fact]
    public void Round_trip_is_arrival_less_report_less_delay()
    {
        var clock = new NtpClock(new NtpTime(0xE000_0000_0000_0000));
        uint sentAt = clock.At(Start).Compact;
        var block = new ReportBlock(new Ssrc(1), 64, 3, 100, 900, sentAt, DelaySinceLastSenderReport: 65536 / 2);

        _stream.OnReportBlock(block, clock, Start + TimeSpan.FromMilliseconds(580));

        Assert.InRange(_stream.RoundTrip!.Value.TotalMilliseconds, 79, 81);
        Assert.Equal(0.25, _stream.FractionLost);
        Assert.InRange(_stream.Jitter.TotalMilliseconds, 9.9, 10.1);
    }

    [Fact]
    public void Same_packet_is_not_resent_twice_within_half_a_round_trip()
    {
        Assert.True(_stream.TryReserveRetransmission(new ExtendedSequence(100), 1000, Start));
        Assert.False(_stream.TryReserveRetransmission(new ExtendedSequence(100), 1000, Start + TimeSpan.FromMilliseconds(5)));
        Assert.True(_stream.TryReserveRetransmission(new ExtendedSequence(101), 1000, Start + TimeSpan.FromMilliseconds(5)));
        Assert.True(_stream.TryReserveRetransmission(new ExtendedSequence(100), 1000, Start + TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void Nack_storm_is_bounded_by_the_budget()
    {
        long resent = 0;
        MonotonicTime now = Start;
        for (int i = 0; i < 100_000; i++)
        {
            now += TimeSpan.FromTicks(1000);
            if (_stream.TryReserveRetransmission(new ExtendedSequence(i), 1200, now))
                resent += 1200;
        }

        // 10 s of storm without any new media: the burst, and the floor's rate.
        Assert.InRange(resent, 256 * 1024, 256 * 1024 + 11 * 32 * 1024);
    }
}
