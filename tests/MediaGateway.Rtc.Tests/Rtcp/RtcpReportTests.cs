using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Rtcp;

public class RtcpReportTests
{
    private const string BlockBytes = "0000BEEF 40FFFFFE 00010002 00000003 AABBCCDD 00010000";

    private static readonly ReportBlock Block = new(new Ssrc(0xBEEF), 0x40, -2, 0x00010002, 3, 0xAABBCCDD, 0x10000);

    private static readonly ReportBlock OtherBlock = Block with { Ssrc = new Ssrc(7), CumulativeLost = 0x7FFFFF };

    [Fact]
    public void SenderReport_bytes_are_those_of_the_rfc()
    {
        byte[] slot = new byte[200];
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteSenderReport(new Ssrc(1), new NtpTime(0x1122334455667788), new RtpTimestamp(9), 10, 11, [Block]));

        Assert.Equal(
            Hex.Bytes("81C8000C 00000001 1122334455667788 00000009 0000000A 0000000B" + BlockBytes),
            slot[..writer.Length]);
    }

    [Fact]
    public void SenderReport_reads_back()
    {
        byte[] datagram = Hex.Bytes("81C8000C 00000001 1122334455667788 00000009 0000000A 0000000B" + BlockBytes);
        Assert.True(SenderReportView.TryParse(Single(datagram), out SenderReportView view));

        Assert.Equal(new Ssrc(1), view.Sender);
        Assert.Equal(new NtpTime(0x1122334455667788), view.NtpTime);
        Assert.Equal(new RtpTimestamp(9), view.RtpTimestamp);
        Assert.Equal((10u, 11u), (view.PacketCount, view.OctetCount));
        Assert.Equal(1, view.ReportBlocks.Count);
        Assert.Equal(Block, view.ReportBlocks[0]);
    }

    [Fact]
    public void ReceiverReport_reads_back_and_ignores_extensions()
    {
        byte[] slot = new byte[200];
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteReceiverReport(new Ssrc(5), [Block, OtherBlock]));
        slot[3]++; // A word of profile-specific extensions.

        Assert.True(ReceiverReportView.TryParse(Single(slot[..(writer.Length + 4)]), out ReceiverReportView view));

        Assert.Equal(new Ssrc(5), view.Sender);
        List<ReportBlock> blocks = [];
        foreach (ReportBlock block in view.ReportBlocks)
            blocks.Add(block);
        Assert.Equal([Block, OtherBlock], blocks);
    }

    [Theory]
    [InlineData(int.MaxValue, 0x7FFFFF)]
    [InlineData(int.MinValue, -0x800000)]
    [InlineData(-1, -1)]
    public void ReportBlock_cumulative_lost_is_clamped_to_24_bits(int lost, int expected)
    {
        byte[] slot = new byte[200];
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteReceiverReport(new Ssrc(5), [Block with { CumulativeLost = lost }]));

        Assert.True(ReceiverReportView.TryParse(Single(slot[..writer.Length]), out ReceiverReportView view));

        Assert.Equal(Block with { CumulativeLost = expected }, view.ReportBlocks[0]);
    }

    [Theory]
    [InlineData("81C80006 00000001 1122334455667788 00000009 0000000A 0000000B", "a block is missing")]
    [InlineData("80C80005 00000001 1122334455667788 00000009 0000000A", "the sender info is cut")]
    [InlineData("80C90006 00000001 1122334455667788 00000009 0000000A 0000000B", "another type")]
    public void SenderReport_too_short_or_other_is_refused(string datagram, string why) =>
        Assert.False(SenderReportView.TryParse(Single(Hex.Bytes(datagram)), out _), why);

    [Theory]
    [InlineData("80C90000")]
    [InlineData("81C90006 00000001" + "0000BEEF 40FFFFFE 00010002 00000003 AABBCCDD")]
    [InlineData("80C80001 00000001")]
    public void ReceiverReport_too_short_or_other_is_refused(string datagram) =>
        Assert.False(ReceiverReportView.TryParse(Single(Hex.Bytes(datagram)), out _));

    [Fact]
    public void Reports_of_more_than_31_blocks_do_not_fit()
    {
        RtcpWriter writer = new(new byte[1500]);

        Assert.False(writer.WriteReceiverReport(new Ssrc(5), new ReportBlock[32]));
        Assert.Equal(0, writer.Length);
        Assert.True(writer.WriteReceiverReport(new Ssrc(5), new ReportBlock[31]));
    }

    [Theory]
    [InlineData("", "81CA0002 00000001 01000000")]
    [InlineData("a", "81CA0002 00000001 01016100")]
    [InlineData("ab", "81CA0003 00000001 0102616200000000")]
    [InlineData("abc", "81CA0003 00000001 0103616263000000")]
    public void SourceDescription_ends_with_a_null_and_a_boundary(string cname, string expected)
    {
        byte[] slot = new byte[40];
        slot.AsSpan().Fill(0x55);
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteSourceDescription(new Ssrc(1), Encoding.UTF8.GetBytes(cname)));

        Assert.Equal(Hex.Bytes(expected), slot[..writer.Length]);
        Assert.Equal($"1={cname}", Chunks(expected));
    }

    [Fact]
    public void SourceDescription_name_of_256_bytes_does_not_fit() =>
        Assert.False(new RtcpWriter(new byte[1500]).WriteSourceDescription(new Ssrc(1), new byte[256]));

    [Theory]
    // NAME before CNAME, and a second chunk without any item.
    [InlineData("82CA0005 00000001 02017A 0101 61 0000  00000002 00000000", "1=a 2=")]
    [InlineData("80CA0000", "")]
    public void SourceDescription_finds_the_name_of_each_chunk(string datagram, string expected) =>
        Assert.Equal(expected, Chunks(datagram));

    [Theory]
    [InlineData("81CA0000", "no chunk")]
    [InlineData("81CA0001 00000001", "no end of items")]
    [InlineData("81CA0002 00000001 01026162", "no null after the text")]
    [InlineData("81CA0002 00000001 01FF6162", "text beyond the packet")]
    [InlineData("82CA0002 00000001 00000000", "one chunk of two")]
    [InlineData("81CB0002 00000001 00000000", "another type")]
    public void SourceDescription_truncated_is_refused(string datagram, string why) =>
        Assert.False(SdesView.TryParse(Single(Hex.Bytes(datagram)), out _), why);

    [Fact]
    public void Bye_reads_back_and_ignores_the_reason()
    {
        Assert.True(ByeView.TryParse(Single(Hex.Bytes("82CB0003 00000001 00000002 03627965")), out ByeView view));

        Assert.Equal((2, new Ssrc(1), new Ssrc(2)), (view.Sources.Count, view.Sources[0], view.Sources[1]));
    }

    [Fact]
    public void Bye_bytes_are_those_of_the_rfc()
    {
        byte[] slot = new byte[40];
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteBye([new Ssrc(1), new Ssrc(2)]));

        Assert.Equal(Hex.Bytes("82CB0002 00000001 00000002"), slot[..writer.Length]);
    }

    [Fact]
    public void Bye_source_missing_is_refused() =>
        Assert.False(ByeView.TryParse(Single(Hex.Bytes("82CB0001 00000001")), out _));

    [Fact]
    public void Writer_packet_that_does_not_fit_leaves_those_before()
    {
        byte[] slot = new byte[16];
        RtcpWriter writer = new(slot);
        Assert.True(writer.WriteReceiverReport(new Ssrc(5), []));

        Assert.False(writer.WritePli(new Ssrc(5), new Ssrc(6)));

        Assert.Equal(Hex.Bytes("80C90001 00000005 00000000 00000000"), slot);
        Assert.Equal(8, writer.Length);
        Assert.True(writer.WriteBye([new Ssrc(5)]));
        Assert.Equal(16, writer.Length);
    }

    internal static RtcpPacketView Single(byte[] datagram)
    {
        RtcpReader reader = new(datagram);
        Assert.True(reader.TryRead(out RtcpPacketView packet));
        return packet;
    }

    private static string Chunks(string datagram)
    {
        Assert.True(SdesView.TryParse(Single(Hex.Bytes(datagram)), out SdesView view));
        List<string> chunks = [];
        foreach (SdesChunk chunk in view.Chunks)
            chunks.Add($"{chunk.Ssrc}={Encoding.UTF8.GetString(chunk.Cname)}");
        return string.Join(' ', chunks);
    }
}
