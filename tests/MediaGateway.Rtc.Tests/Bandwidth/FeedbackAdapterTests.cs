using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Tests.Bandwidth;

/// <summary>Reports become one result for each packet, whatever else receivers do.</summary>
public sealed class FeedbackAdapterTests
{
    private readonly FeedbackHarness _link = new();

    [Fact]
    public void Packets_that_arrived_are_told_once_with_both_times_and_bytes()
    {
        _link.Send(6);

        _link.Report(0, 3, 0, 1, 2);
        _link.Report(3, 3, 3, 4, 5);

        Assert.Equal("0 1 2 3 4 5", _link.Take());
        PacketResult last = _link.Details[^1];
        Assert.Equal((FeedbackHarness.SentAt(5), FeedbackHarness.Bytes, (byte)0), (last.Sent, last.Bytes, last.Probe));
        // Steps of 250 us on the receiver's clock.
        TimeSpan between = last.Arrival - _link.Details[0].Arrival;
        Assert.InRange(between.TotalMilliseconds, 49.5, 50.5);
        Assert.Equal(0, _link.Log.BytesInFlight);
    }

    [Fact]
    public void Packet_is_lost_when_those_sent_50_ms_later_have_been_reported()
    {
        _link.Send(20);

        _link.Report(0, 5, 0, 2, 3, 4);
        Assert.Equal("0 2 3 4", _link.Take());
        Assert.Equal(15 * FeedbackHarness.Bytes, _link.Log.BytesInFlight);

        _link.Report(5, 3, 5, 6, 7);
        Assert.Equal("-1 5 6 7", _link.Take());
    }

    [Fact]
    public void Packet_that_was_overtaken_and_is_reported_later_is_received()
    {
        _link.Send(20);

        _link.Report(0, 4, 0, 2, 3);
        _link.Report(1, 5, 1, 4, 5);
        _link.Report(6, 10, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

        Assert.Equal("0 2 3 1 4 5 6 7 8 9 10 11 12 13 14 15", _link.Take());
    }

    [Fact]
    public void Window_for_overtaken_packets_grows_when_one_came_too_late_for_it()
    {
        _link.Send(40);

        _link.Report(0, 8, 0, 2, 3, 4, 5, 6, 7);
        Assert.Equal("-1", _link.Take()[2..4]);
        _link.Report(1, 1, 1);
        Assert.Equal("", _link.Take());
        Assert.Equal(1, _link.Adapter.Late);

        _link.Report(8, 9, 8, 10, 11, 12, 13, 14, 15, 16);
        Assert.Equal("8 10 11 12 13 14 15 16", _link.Take());
        _link.Report(9, 9, 9, 17);
        Assert.Equal("9 17", _link.Take());
    }

    [Fact]
    public void Losses_that_a_report_leaves_out_are_losses()
    {
        _link.Send(30);

        // Some stacks begin each report with the first packet that arrived.
        _link.Report(0, 5, 0, 1, 2, 3, 4);
        _link.Report(8, 12, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);

        Assert.Equal("0 1 2 3 4 -5 -6 -7 8 9 10 11 12 13 14 15 16 17 18 19", _link.Take());
    }

    [Fact]
    public void Packets_of_a_report_that_was_lost_are_not_lost()
    {
        _link.Send(30);

        _link.Report(0, 5, 0, 1, 2, 3, 4);
        _link.LoseReport();
        _link.Report(10, 10, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        _link.Report(20, 10, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);

        Assert.DoesNotContain(_link.Details, result => !result.IsReceived);
        Assert.Equal((25, 1L), (_link.Results.Count, _link.Adapter.ReportsLost));
        Assert.Equal(0, _link.Log.BytesInFlight);
    }

    [Fact]
    public void Packets_before_the_first_report_are_not_lost()
    {
        _link.Send(30);

        // A browser tells of packets from the first on that it could read.
        _link.Report(10, 10, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        _link.Report(20, 10, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);

        Assert.DoesNotContain(_link.Details, result => !result.IsReceived);
        Assert.Equal((20, 0L), (_link.Results.Count, _link.Adapter.ReportsLost));
    }

    [Fact]
    public void Report_that_comes_after_the_next_one_still_tells_of_its_packets()
    {
        _link.Send(20);

        _link.ReportAs(0, 0, 5, 0, 1, 2, 3, 4);
        _link.ReportAs(2, 10, 5, 10, 11, 12, 13, 14);
        _link.ReportAs(1, 5, 5, 5, 6, 7, 8, 9);

        Assert.Equal("0 1 2 3 4 10 11 12 13 14 5 6 7 8 9", _link.Take());
    }

    [Fact]
    public void Repeated_and_overlapping_reports_change_nothing()
    {
        _link.Send(20);

        for (int i = 0; i < 3; i++)
            _link.ReportAs(0, 0, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        _link.ReportAs(1, 5, 10, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);

        Assert.Equal("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14", _link.Take());
        Assert.Equal(5 * FeedbackHarness.Bytes, _link.Log.BytesInFlight);
    }

    [Fact]
    public void Report_that_takes_an_arrival_back_does_not_make_it_a_loss()
    {
        _link.Send(20);

        _link.Report(0, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        _link.Report(0, 20, 10, 19);

        Assert.Equal("0 1 2 3 4 5 6 7 8 9 10", _link.Take()[..22]);
        Assert.DoesNotContain(_link.Details, result => !result.IsReceived && result.Sent < FeedbackHarness.SentAt(10));
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(1_000, 20)]
    [InlineData(40_000, 20)]
    [InlineData(65_500, 40)]
    public void Numbers_that_nobody_sent_are_counted_and_tell_nothing(int first, int packets)
    {
        _link.Send(20);

        _link.ReportAs((byte)0, (ushort)first, [.. Enumerable.Range(0, packets).Select(i => SentTicks(i))]);

        // Numbers wrap: the last report reaches around to the first packets.
        int known = Math.Max(0, first + packets - 65_536);
        Assert.Equal(known, _link.Results.Count);
        Assert.Equal(packets - known, _link.Adapter.Unmatched);
        Assert.DoesNotContain(_link.Details, result => !result.IsReceived);
    }

    [Fact]
    public void Report_over_the_whole_space_of_numbers_ends_with_what_was_sent()
    {
        _link.Send(20);
        // Base 0, 65535 packets, one received, then runs of lost ones.
        byte[] datagram =
        [
            0x8F, 205, 0, 10, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0,
            0x20, 1, 0x1F, 0xFF, 0x1F, 0xFF, 0x1F, 0xFF, 0x1F, 0xFF, 0x1F, 0xFF, 0x1F, 0xFF, 0x1F, 0xFF, 0x1F, 0xFF, 0, 6, 4, 0, 0, 0,
        ];

        _link.Read(datagram);

        Assert.Equal("0 -1 -2 -3 -4 -5 -6 -7 -8 -9 -10 -11 -12 -13 -14", _link.Take());
        _link.ReportAs(1, 0, 20, [.. Enumerable.Range(0, 20)]);
        Assert.Equal("15 16 17 18 19", _link.Take());
    }

    [Fact]
    public void Empty_report_tells_nothing()
    {
        _link.Send(20);

        byte[] datagram = [0x8F, 205, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 5, 0, 0, 0, 0, 0, 0];
        _link.Read(datagram);

        Assert.Equal("", _link.Take());
        Assert.Equal(20 * FeedbackHarness.Bytes, _link.Log.BytesInFlight);
        Assert.Equal(1, _link.Adapter.Reports);
    }

    [Fact]
    public void Receiver_that_does_not_count_its_reports_loses_none()
    {
        _link.Send(40);

        for (int i = 0; i < 4; i++)
            _link.ReportAs(7, i * 10, 10, [.. Enumerable.Range(i * 10, 9)]);

        Assert.Equal(0, _link.Adapter.ReportsLost);
        Assert.Equal(["-9", "-19", "-29"], _link.Results.Where(result => result[0] == '-'));
    }

    [Fact]
    public void Clock_of_the_receiver_wraps_without_a_jump()
    {
        _link.Send(20);
        long wrap = TransportFeedbackView.ClockPeriod.Ticks;

        _link.ReportAs((byte)0, 0, [wrap - TimeSpan.TicksPerMillisecond * 10]);
        _link.ReportAs((byte)1, 1, [wrap + TimeSpan.TicksPerMillisecond * 10]);

        TimeSpan between = _link.Details[1].Arrival - _link.Details[0].Arrival;
        Assert.InRange(between.TotalMilliseconds, 19.5, 20.5);
    }

    [Fact]
    public void Numbers_wrap()
    {
        _link.Send(65_530);
        int next = 65_530;
        for (int i = 0; i < 10; i++, next += 10)
        {
            _link.Send(10);
            _link.ReportAs((byte)i, (ushort)next, [.. Enumerable.Range(next, 10).Select(SentTicks)]);
        }

        Assert.Equal(100, _link.Results.Count);
        Assert.Equal(FeedbackHarness.SentAt(next - 1), _link.Details[^1].Sent);
        Assert.Equal(0, _link.Adapter.Unmatched);
    }

    [Fact]
    public void Packet_that_was_sent_again_under_its_number_has_no_result()
    {
        _link.Send(20);
        ref SentPacket packet = ref _link.Log[_link.Log.First + 3];
        _link.Log.Settle(ref packet, PacketFate.Repeated);

        _link.ReportAs(0, 0, 20, [.. Enumerable.Range(0, 20)]);

        Assert.Equal("0 1 2 4 5", _link.Take()[..9]);
        Assert.Equal(19, _link.Details.Count);
    }

    [Fact]
    public void Long_report_comes_in_parts()
    {
        _link.Log.SetRoundTrip(TimeSpan.FromSeconds(2));
        _link.Send(400);

        _link.ReportAs((byte)0, 0, [.. Enumerable.Range(0, 400).Select(SentTicks)]);

        Assert.Equal(Enumerable.Range(0, 400).Select(i => $"{i}"), _link.Results);
    }

    private static long SentTicks(int packet) => (FeedbackHarness.SentAt(packet) + TimeSpan.FromMilliseconds(20)).Ticks;
}
