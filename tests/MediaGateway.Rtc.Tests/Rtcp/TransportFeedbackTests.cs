using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Rtcp;

public class TransportFeedbackTests
{
    private const long Delta = TransportFeedbackView.DeltaTicks;
    private const long Lost = RtcpWriter.NotReceived;

    [Theory]
    // A run of three with small deltas.
    [InlineData("0001 0003 000002 07  2003 01 02 FF", "1@513 2@515 3@770")]
    // Lost run, then a two-bit vector with a large and a negative delta; the rest of the vector is not counted.
    [InlineData("FFFF 0007 000000 00  0004 E200 0100 FFFE 0000", "3@256 5@254")]
    // One-bit vector of 14.
    [InlineData("0010 000E 000001 01  A001 05 06 0000", "16@261 29@267")]
    // Runs of length 0 are stepped over.
    [InlineData("0001 0001 000000 01  0000 2000 2001 09 00", "1@9")]
    public void TryParse_hand_built_packets_give_the_arrivals(string information, string expected)
    {
        byte[] datagram = Datagram(information);

        Assert.True(TransportFeedbackView.TryParse(RtcpReportTests.Single(datagram), out TransportFeedbackView view));

        Assert.Equal(expected, string.Join(' ', Arrivals(view).Select(a => $"{a.Sequence.Value}@{a.Time.Ticks / Delta}")));
    }

    [Fact]
    public void TryParse_header_fields_are_read()
    {
        byte[] datagram = Datagram("0102 0001 FFFFFF 07  2001 04 00");
        Assert.True(TransportFeedbackView.TryParse(RtcpReportTests.Single(datagram), out TransportFeedbackView view));

        Assert.Equal((new Ssrc(1), new Ssrc(2)), (view.Sender, view.Media));
        Assert.Equal(new SequenceNumber(0x0102), view.BaseSequence);
        Assert.Equal(1, view.StatusCount);
        Assert.Equal(7, view.FeedbackCount);
        Assert.Equal(TransportFeedbackView.ClockPeriod - TimeSpan.FromMilliseconds(64), view.ReferenceTime);
    }

    [Theory]
    [InlineData("0001 0003 000002 07  2003 01 02", "a delta is missing")]
    [InlineData("0001 0003 000002 07  2002", "a chunk is missing")]
    [InlineData("0001 0003 000002 07", "no chunk at all")]
    [InlineData("0001 0001 000002 07  6001 0000", "a reserved symbol in a run")]
    [InlineData("0001 0002 000002 07  CC00 0000", "a reserved symbol in a vector")]
    [InlineData("0001 0001 0000", "the fixed part is cut")]
    public void TryParse_malformed_is_refused(string information, string why)
    {
        RtcpPacketView packet = new(
            RtcpPacketType.TransportLayerFeedback,
            RtcpFeedbackFormat.TransportWide,
            Hex.Bytes("00000001 00000002" + information));

        Assert.False(TransportFeedbackView.TryParse(packet, out _), why);
    }

    [Fact]
    public void TryParse_padding_of_libwebrtc_is_taken_off()
    {
        byte[] datagram = Hex.Bytes("AFCD0005 00000001 00000002 0001 0001 000002 07  2001 04 01");

        Assert.True(TransportFeedbackView.TryParse(RtcpReportTests.Single(datagram), out TransportFeedbackView view));

        Assert.Equal([new PacketArrival(new SequenceNumber(1), new TimeSpan(516 * Delta))], Arrivals(view));
    }

    [Fact]
    public void Arrivals_of_65535_lost_packets_walk_only_the_bytes()
    {
        string chunks = string.Concat(Enumerable.Repeat("1FFF", 8));
        Assert.True(TransportFeedbackView.TryParse(
            RtcpReportTests.Single(Datagram("0000 FFFF 000000 00" + chunks + "2007 01010101010101 00")), out TransportFeedbackView view));

        Assert.Equal(Enumerable.Range(65528, 7).Select(n => (ushort)n), Arrivals(view).Select(a => a.Sequence.Value));
    }

    [Theory]
    // Reference time is the 64 ms below the first arrival; all the same status makes a run.
    [InlineData(new long[] { 513, 515, 770 }, "0003 000002 2003 01 02 FF 000000")]
    // Mixed statuses: a vector of one-bit symbols from the eighth packet on.
    [InlineData(new long[] { 0, -1, 1, -1, 2, -1, 3, -1 }, "0008 000000 AA80 00 01 01 01 0000")]
    // Up to seven: a vector of two-bit symbols.
    [InlineData(new long[] { 0, -1, 256 }, "0003 000000 D200 00 0100 000000")]
    // An older arrival makes a negative delta, which takes two bytes.
    [InlineData(new long[] { 5, 4 }, "0002 000000 D800 05 FFFF 000000")]
    public void Write_chooses_the_best_chunk(long[] arrivals, string expected)
    {
        byte[] slot = new byte[200];
        slot.AsSpan().Fill(0x55);
        RtcpWriter writer = new(slot);
        long[] ticks = [.. arrivals.Select(a => a < 0 ? Lost : a * Delta)];

        Assert.True(writer.WriteTransportFeedback(new Ssrc(1), new Ssrc(2), new SequenceNumber(9), 3, ticks, out int written));

        Assert.Equal(arrivals.Length, written);
        string fields = string.Concat(expected.Where(c => c != ' '));
        Assert.Equal(Datagram("0009" + fields[..10] + "03" + fields[10..]), slot[..writer.Length]);
    }

    [Fact]
    public void Write_errors_of_the_grid_do_not_add_up()
    {
        long[] arrivals = [.. Enumerable.Range(0, 1000).Select(i => i * 12_499L)];

        PacketArrival[] read = RoundTrip(arrivals, out int written);

        Assert.Equal(1000, written);
        Assert.All(read, a => Assert.InRange(arrivals[a.Sequence.Value] - a.Time.Ticks, 0, Delta - 1));
    }

    [Fact]
    public void Write_gap_beyond_16_bits_splits_before_it()
    {
        long[] arrivals = [0, Lost, 32767 * Delta, Lost, (32767 + 32768) * Delta];

        PacketArrival[] read = RoundTrip(arrivals, out int written);

        Assert.Equal(4, written);
        Assert.Equal([0, 2], read.Select(a => (int)a.Sequence.Value));
    }

    [Fact]
    public void Write_nothing_received_writes_nothing()
    {
        RtcpWriter writer = new(new byte[100]);

        Assert.False(writer.WriteTransportFeedback(new Ssrc(1), new Ssrc(2), new SequenceNumber(0), 0, [Lost, Lost], out int written));
        Assert.False(writer.WriteTransportFeedback(new Ssrc(1), new Ssrc(2), new SequenceNumber(0), 0, [], out _));

        Assert.Equal((0, 0), (written, writer.Length));
    }

    [Theory]
    [InlineData(23, 0)]
    [InlineData(24, 2)]
    [InlineData(28, 6)]
    public void Write_full_slot_takes_the_prefix_that_fits(int slotLength, int expected)
    {
        RtcpWriter writer = new(new byte[slotLength]);
        long[] arrivals = [.. Enumerable.Range(0, 20).Select(i => i * Delta)];

        Assert.Equal(
            expected > 0,
            writer.WriteTransportFeedback(new Ssrc(1), new Ssrc(2), new SequenceNumber(0), 0, arrivals, out int written));

        Assert.Equal((expected, expected > 0 ? slotLength : 0), (written, writer.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Write_random_arrivals_round_trip(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 500; round++)
        {
            long[] arrivals = RandomArrivals(random);
            PacketArrival[] read = RoundTrip(arrivals, out int written);
            Assert.Equal(
                Enumerable.Range(0, written).Where(i => arrivals[i] != Lost).Select(i => ((ushort)i, arrivals[i] / Delta * Delta)),
                read.Select(a => (a.Sequence.Value, a.Time.Ticks)));
        }
    }

    [Fact]
    public void Write_long_runs_of_lost_packets_round_trip()
    {
        long[] arrivals = new long[30_000];
        arrivals.AsSpan().Fill(Lost);
        arrivals[20_000] = 5 * Delta;

        PacketArrival[] read = RoundTrip(arrivals, out int written);

        Assert.Equal(30_000, written);
        Assert.Equal([new PacketArrival(new SequenceNumber(20_000), new TimeSpan(5 * Delta))], read);
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        byte[] slot = new byte[1500];
        long[] arrivals = [.. Enumerable.Range(0, 100).Select(i => i % 7 == 0 ? Lost : i * 30_000L)];
        Assert.Equal(0, Allocations.Of(() =>
        {
            RtcpWriter writer = new(slot);
            writer.WriteTransportFeedback(new Ssrc(1), new Ssrc(2), new SequenceNumber(0), 0, arrivals, out _);
            RtcpReader reader = new(slot.AsSpan(0, writer.Length));
            int count = 0;
            if (reader.TryRead(out RtcpPacketView packet) && TransportFeedbackView.TryParse(packet, out TransportFeedbackView view))
            {
                foreach (PacketArrival _ in view.Arrivals)
                    count++;
            }
            if (count != 85)
                throw new InvalidOperationException($"{count}");
        }));
    }

    private static long[] RandomArrivals(Random random)
    {
        long[] arrivals = new long[random.Next(1, 120)];
        long time = random.NextInt64(0, 1L << 40);
        int lossPercent = random.Next(101);
        int spread = 1 << random.Next(1, 24);
        for (int i = 0; i < arrivals.Length; i++)
        {
            time = Math.Max(0, time + random.Next(-spread / 8, spread));
            arrivals[i] = random.Next(100) < lossPercent ? Lost : time;
        }
        return arrivals;
    }

    private static PacketArrival[] RoundTrip(long[] arrivals, out int written)
    {
        byte[] slot = new byte[1500];
        slot.AsSpan().Fill(0x55);
        RtcpWriter writer = new(slot);
        if (!writer.WriteTransportFeedback(new Ssrc(1), new Ssrc(2), new SequenceNumber(0), 0, arrivals, out written))
            return [];
        Assert.True(TransportFeedbackView.TryParse(RtcpReportTests.Single(slot[..writer.Length]), out TransportFeedbackView view));
        Assert.Equal(written, view.StatusCount);
        return [.. Arrivals(view)];
    }

    private static List<PacketArrival> Arrivals(TransportFeedbackView view)
    {
        List<PacketArrival> arrivals = [];
        foreach (PacketArrival arrival in view.Arrivals)
            arrivals.Add(arrival);
        return arrivals;
    }

    /// <summary>Feedback from 1 about 2, with zero bytes to the next 32-bit boundary.</summary>
    private static byte[] Datagram(string information)
    {
        byte[] fields = Hex.Bytes("8FCD0000 00000001 00000002" + information);
        byte[] datagram = [.. fields, .. new byte[-fields.Length & 3]];
        datagram[3] = (byte)(datagram.Length / 4 - 1);
        return datagram;
    }
}
