using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Rtcp;

public class RtcpFeedbackTests
{
    [Theory]
    [InlineData(new[] { 5 }, "00050000")]
    [InlineData(new[] { 5, 6, 21 }, "00058001")]
    [InlineData(new[] { 5, 22 }, "00050000 00160000")]
    [InlineData(new[] { 65535, 0, 15 }, "FFFF8001")]
    [InlineData(new[] { 5, 5, 6 }, "00050000 00050001")]
    public void Nack_shares_entries_and_reads_back(int[] lost, string entries)
    {
        SequenceNumber[] numbers = [.. lost.Select(n => new SequenceNumber((ushort)n))];
        byte[] slot = new byte[100];
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteNack(new Ssrc(1), new Ssrc(2), numbers));

        string length = (2 + Hex.Bytes(entries).Length / 4).ToString("X4", null);
        Assert.Equal(Hex.Bytes($"81CD{length} 00000001 00000002" + entries), slot[..writer.Length]);
        Assert.True(NackView.TryParse(RtcpReportTests.Single(slot[..writer.Length]), out NackView view));
        Assert.Equal((new Ssrc(1), new Ssrc(2)), (view.Sender, view.Media));
        Assert.Equal(numbers, Lost(view));
    }

    [Fact]
    public void Nack_full_mask_gives_17_numbers_across_the_wrap()
    {
        Assert.True(NackView.TryParse(
            RtcpReportTests.Single(Hex.Bytes("81CD0003 00000001 00000002 FFF8FFFF")), out NackView view));

        Assert.Equal(Enumerable.Range(0, 17).Select(i => new SequenceNumber((ushort)(0xFFF8 + i))), Lost(view));
    }

    [Fact]
    public void Nack_without_losses_writes_nothing()
    {
        RtcpWriter writer = new(new byte[100]);

        Assert.True(writer.WriteNack(new Ssrc(1), new Ssrc(2), []));
        Assert.Equal(0, writer.Length);
    }

    [Theory]
    [InlineData("81CD0002 00000001 00000002", "no entry")]
    [InlineData("82CD0003 00000001 00000002 00050000", "another format")]
    [InlineData("81CE0003 00000001 00000002 00050000", "another type")]
    public void Nack_without_entries_or_other_is_refused(string datagram, string why) =>
        Assert.False(NackView.TryParse(RtcpReportTests.Single(Hex.Bytes(datagram)), out _), why);

    [Fact]
    public void Pli_bytes_are_those_of_the_rfc_and_read_back()
    {
        byte[] slot = new byte[12];
        RtcpWriter writer = new(slot);
        Assert.True(writer.WritePli(new Ssrc(1), new Ssrc(2)));

        Assert.Equal(Hex.Bytes("81CE0002 00000001 00000002"), slot);
        Assert.True(PliView.TryParse(RtcpReportTests.Single(slot), out PliView view));
        Assert.Equal((new Ssrc(1), new Ssrc(2)), (view.Sender, view.Media));
    }

    [Fact]
    public void Pli_without_media_ssrc_is_refused() =>
        Assert.False(PliView.TryParse(RtcpReportTests.Single(Hex.Bytes("81CE0001 00000001")), out _));

    [Fact]
    public void Fir_names_its_target_in_the_entry()
    {
        byte[] slot = new byte[20];
        slot.AsSpan().Fill(0x55);
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteFir(new Ssrc(1), new Ssrc(2), 250));

        Assert.Equal(Hex.Bytes("84CE0004 00000001 00000000 00000002 FA000000"), slot);
        Assert.True(FirView.TryParse(RtcpReportTests.Single(slot), out FirView view));
        Assert.Equal(new Ssrc(1), view.Sender);
        Assert.Equal(1, view.Entries.Count);
        Assert.Equal(new FirEntry(new Ssrc(2), 250), view.Entries[0]);
    }

    [Fact]
    public void Fir_without_entry_is_refused() =>
        Assert.False(FirView.TryParse(RtcpReportTests.Single(Hex.Bytes("84CE0003 00000001 00000000 00000002")), out _));

    [Theory]
    [InlineData(0, "02000000", 0)]
    [InlineData(-5, "02000000", 0)]
    [InlineData(262143, "0203FFFF", 262143)]
    [InlineData(262144, "02060000", 262144)]
    [InlineData(1_000_003, "020BD090", 1_000_000)]
    [InlineData(long.MaxValue, "02B7FFFF", 0x7FFFE00000000000)]
    public void Remb_rate_is_a_mantissa_of_18_bits(long bitrate, string field, long expected)
    {
        byte[] slot = new byte[100];
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteRemb(new Ssrc(1), new Bitrate(bitrate), [new Ssrc(2), new Ssrc(3)]));

        Assert.Equal(
            Hex.Bytes($"8FCE0006 00000001 00000000 52454D42 {field} 00000002 00000003"),
            slot[..writer.Length]);
        Assert.True(RembView.TryParse(RtcpReportTests.Single(slot[..writer.Length]), out RembView view));
        Assert.Equal(new Bitrate(expected), view.Bitrate);
        Assert.Equal((2, new Ssrc(3)), (view.Sources.Count, view.Sources[1]));
    }

    [Theory]
    [InlineData("8FCE0004 00000001 00000000 52454D43 00000000", "another identifier")]
    [InlineData("8FCE0003 00000001 00000000 52454D42", "no rate")]
    [InlineData("8FCE0004 00000001 00000000 52454D42 01000000", "a source is missing")]
    [InlineData("8FCE0004 00000001 00000000 52454D42 00FFFFFF", "a rate beyond 63 bits")]
    public void Remb_malformed_is_refused(string datagram, string why) =>
        Assert.False(RembView.TryParse(RtcpReportTests.Single(Hex.Bytes(datagram)), out _), why);

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        byte[] slot = new byte[1500];
        SequenceNumber[] lost = [new(1), new(2), new(40)];
        ReportBlock[] blocks = new ReportBlock[3];
        Assert.Equal(0, Allocations.Of(() =>
        {
            RtcpWriter writer = new(slot);
            writer.WriteSenderReport(new Ssrc(1), default, default, 1, 2, blocks);
            writer.WriteSourceDescription(new Ssrc(1), "name"u8);
            writer.WriteNack(new Ssrc(1), new Ssrc(2), lost);
            writer.WriteRemb(new Ssrc(1), new Bitrate(1000), []);
            RtcpReader reader = new(slot.AsSpan(0, writer.Length));
            int found = 0;
            while (reader.TryRead(out RtcpPacketView packet))
            {
                if (SenderReportView.TryParse(packet, out SenderReportView report))
                {
                    foreach (ReportBlock block in report.ReportBlocks)
                        found += block.CumulativeLost + 1;
                }
                else if (SdesView.TryParse(packet, out SdesView sdes))
                {
                    foreach (SdesChunk chunk in sdes.Chunks)
                        found += chunk.Cname.Length;
                }
                else if (NackView.TryParse(packet, out NackView nack))
                {
                    foreach (SequenceNumber _ in nack.Lost)
                        found++;
                }
            }
            if (found != 10)
                throw new InvalidOperationException($"{found}");
        }));
    }

    private static List<SequenceNumber> Lost(NackView view)
    {
        List<SequenceNumber> numbers = [];
        foreach (SequenceNumber number in view.Lost)
            numbers.Add(number);
        return numbers;
    }
}
