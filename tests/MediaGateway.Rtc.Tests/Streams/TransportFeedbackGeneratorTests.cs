using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

public sealed class TransportFeedbackGeneratorTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(64_000);

    private readonly TransportFeedbackGenerator _generator = new();

    /// <summary>Numbers the last report covered, received or not.</summary>
    private int _covered;

    [Fact]
    public void Report_covers_received_and_lost_packets_with_their_arrival_times()
    {
        Receive(65534, 0);
        Receive(65535, 10);
        Receive(1, 20);

        List<(int Sequence, long Ticks)> packets = Report(Start + TransportFeedbackGenerator.Interval);

        Assert.Equal(4, _covered);
        Assert.Equal([65534, 65535, 1], packets.Select(packet => packet.Sequence));
        Assert.Equal(100_000, packets[1].Ticks - packets[0].Ticks);
        Assert.Equal(200_000, packets[2].Ticks - packets[0].Ticks);
    }

    [Fact]
    public void Loss_at_the_boundary_of_two_reports_is_reported()
    {
        Receive(10, 0);
        Report(Start + TransportFeedbackGenerator.Interval);
        Receive(12, 60);

        List<(int Sequence, long Ticks)> packets = Report(Start + TransportFeedbackGenerator.Interval * 3);

        Assert.Equal(2, _covered);
        Assert.Equal([12], packets.Select(packet => packet.Sequence));
    }

    [Fact]
    public void Late_packet_is_reported_again_with_its_time()
    {
        Receive(10, 0);
        Receive(12, 1);
        Report(Start + TransportFeedbackGenerator.Interval);
        Receive(11, 60);

        List<(int Sequence, long Ticks)> packets = Report(Start + TransportFeedbackGenerator.Interval * 3);

        Assert.Equal([11, 12], packets.Select(packet => packet.Sequence));
    }

    [Fact]
    public void Nothing_received_nothing_due()
    {
        Assert.True(_generator.NextDeadline.IsNever);
        Receive(1, 0);
        Report(Start + TransportFeedbackGenerator.Interval);
        Assert.True(_generator.NextDeadline.IsNever);
    }

    [Fact]
    public void Jump_of_half_the_number_space_costs_no_endless_report()
    {
        Receive(1, 0);
        Receive(30_000, 1);
        int reports = 0;
        while (Report(Start + TransportFeedbackGenerator.Interval).Count > 0)
            reports++;

        Assert.InRange(reports, 1, 30);
    }

    [Fact]
    public void Packet_of_the_next_frame_brings_the_report_about()
    {
        Receive(1, 0);
        Receive(2, 29);
        Assert.Equal(Start + TransportFeedbackGenerator.Interval, _generator.NextDeadline);
        Receive(3, 33);

        Assert.Equal(Start, _generator.NextDeadline);
        Assert.Equal([1, 2, 3], Report(Start + TimeSpan.FromMilliseconds(33)).Select(packet => packet.Sequence));
        Assert.True(_generator.NextDeadline.IsNever);
    }

    /// <summary>More than fits at the start.</summary>
    [Fact]
    public void Thousands_of_packets_between_two_reports_are_all_reported()
    {
        for (int sequence = 0; sequence < 5_000; sequence++)
            Receive(sequence, 0);
        List<int> reported = [];
        while (Report(Start + TransportFeedbackGenerator.Interval) is { Count: > 0 } packets)
            reported.AddRange(packets.Select(packet => packet.Sequence));

        Assert.Equal(Enumerable.Range(0, 5_000), reported);
    }

    private void Receive(int sequence, int milliseconds) =>
        _generator.OnPacket(new SequenceNumber((ushort)sequence), Start + TimeSpan.FromMilliseconds(milliseconds));

    private List<(int Sequence, long Ticks)> Report(MonotonicTime now)
    {
        var packets = new List<(int, long)>();
        Span<byte> buffer = stackalloc byte[1200];
        var writer = new RtcpWriter(buffer);
        if (!_generator.TryWrite(ref writer, new Ssrc(1), new Ssrc(2), now))
            return packets;
        var reader = new RtcpReader(buffer[..writer.Length]);
        Assert.True(reader.TryRead(out RtcpPacketView packet));
        Assert.True(TransportFeedbackView.TryParse(packet, out TransportFeedbackView view));
        _covered = view.StatusCount;
        foreach (PacketArrival arrival in view.Arrivals)
            packets.Add((arrival.Sequence.Value, arrival.Time.Ticks));
        return packets;
    }
}
