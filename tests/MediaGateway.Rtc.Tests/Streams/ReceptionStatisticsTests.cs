using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

public sealed class ReceptionStatisticsTests
{
    private readonly ReceptionStatistics _statistics = new(90_000);

    [Fact]
    public void Report_counts_loss_since_the_previous_one_and_in_all()
    {
        Receive(100, 101, 103, 104);
        ReportBlock first = _statistics.TakeReport(new Ssrc(7), 1, 2);
        Receive(105, 106, 107, 108);
        ReportBlock second = _statistics.TakeReport(new Ssrc(7), 1, 2);

        Assert.Equal(256 / 5, first.FractionLost);
        Assert.Equal(1, first.CumulativeLost);
        Assert.Equal(0, second.FractionLost);
        Assert.Equal(1, second.CumulativeLost);
        Assert.Equal(108u, second.ExtendedHighestSequence);
    }

    [Theory]
    [InlineData(0x8000_0000)]
    [InlineData(0x7FFF_FFFF)]
    [InlineData(0xFFFF_FFFF)]
    public void Timestamp_that_jumps_is_jitter(uint timestamp)
    {
        _statistics.OnPacket(new ExtendedSequence(1), new RtpTimestamp(0), 100, MonotonicTime.Zero);
        _statistics.OnPacket(new ExtendedSequence(2), new RtpTimestamp(timestamp), 100, MonotonicTime.Zero);

        Assert.True(_statistics.Jitter > 0);
    }

    [Fact]
    public void Duplicates_make_the_cumulative_loss_negative_and_the_fraction_zero()
    {
        Receive(1, 2, 2, 2);

        ReportBlock report = _statistics.TakeReport(new Ssrc(7), 0, 0);

        Assert.Equal(-2, report.CumulativeLost);
        Assert.Equal(0, report.FractionLost);
    }

    [Fact]
    public void Highest_sequence_carries_the_cycles()
    {
        Receive(0x1_FFFF, 0x2_0000);

        Assert.Equal(0x2_0000u, _statistics.TakeReport(new Ssrc(7), 0, 0).ExtendedHighestSequence);
    }

    [Fact]
    public void Jitter_of_an_even_stream_is_zero_and_of_an_uneven_one_is_not()
    {
        var even = new ReceptionStatistics(90_000);
        var uneven = new ReceptionStatistics(90_000);
        for (int i = 0; i < 200; i++)
        {
            var timestamp = new RtpTimestamp((uint)(i * 3000));
            MonotonicTime sent = MonotonicTime.Zero + TimeSpan.FromTicks((long)(i * 3000 / 90_000.0 * TimeSpan.TicksPerSecond));
            even.OnPacket(new ExtendedSequence(i), timestamp, 100, sent);
            uneven.OnPacket(new ExtendedSequence(i), timestamp, 100, sent + TimeSpan.FromMilliseconds(i % 2 * 10));
        }

        Assert.InRange(even.Jitter, 0, 2);
        // |D| is 10 ms = 900 units at every step (RFC 3550 section 6.4.1).
        Assert.InRange(uneven.Jitter, 850, 950);
    }

    private void Receive(params ReadOnlySpan<long> sequences)
    {
        foreach (long sequence in sequences)
            _statistics.OnPacket(new ExtendedSequence(sequence), new RtpTimestamp(0), 100, MonotonicTime.Zero);
    }
}
