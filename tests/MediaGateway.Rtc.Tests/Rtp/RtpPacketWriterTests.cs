using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Tests.Rtp;

public class RtpPacketWriterTests
{
    [Fact]
    public void FinishHeader_without_extensions_leaves_the_fixed_header()
    {
        Assert.Equal("80EF123401020304CAFEBABE", Write([], out _));
    }

    [Fact]
    public void WriteExtension_short_values_use_the_one_byte_form()
    {
        Assert.Equal(
            "90EF123401020304CAFEBABE" + "BEDE0002" + "10AA" + "E2010203" + "0000",
            Write([(1, "AA"), (14, "010203")], out _));
    }

    [Theory]
    [InlineData(15, "BB")]
    [InlineData(2, "")]
    [InlineData(2, "000102030405060708090A0B0C0D0E0F10")]
    public void WriteExtension_one_that_needs_two_bytes_turns_the_whole_block(byte id, string value)
    {
        string header = Write([(1, "AA"), (3, "C1C2C3"), (id, value), (5, "DD")], out byte[] slot);

        Assert.Equal("1000", header[24..28]);
        Assert.True(RtpPacketView.TryParse(slot.AsSpan(0, header.Length / 2), out RtpPacketView view));
        List<string> elements = [];
        foreach (RtpExtension extension in view.GetExtensions())
            elements.Add($"{extension.Id}={Convert.ToHexString(extension.Value)}");
        Assert.Equal(["1=AA", "3=C1C2C3", $"{id}={value}", "5=DD"], elements);
        Assert.True(view.Payload.IsEmpty);
    }

    [Fact]
    public void WriteExtension_value_of_16_bytes_stays_in_the_one_byte_form()
    {
        string header = Write([(2, "000102030405060708090A0B0C0D0E0F")], out _);

        Assert.Equal("BEDE0005" + "2F", header[24..34]);
    }

    [Theory]
    [InlineData(17, 1, false)]
    [InlineData(19, 2, false)]
    [InlineData(20, 3, true)]
    [InlineData(20, 4, false)]
    public void WriteExtension_fits_only_with_its_padding(int slotLength, int valueLength, bool fits)
    {
        RtpPacketWriter writer = new(new byte[slotLength]);
        writer.WriteHeader(false, new PayloadType(96), new SequenceNumber(1), new RtpTimestamp(2), new Ssrc(3));

        Assert.Equal(fits, writer.WriteExtension(1, new byte[valueLength]));
        Assert.Equal(fits ? 20 : 12, writer.FinishHeader());
    }

    [Fact]
    public void WriteExtension_that_does_not_fit_leaves_the_ones_before()
    {
        byte[] slot = new byte[24];
        RtpPacketWriter writer = new(slot);
        writer.WriteHeader(false, new PayloadType(96), new SequenceNumber(1), new RtpTimestamp(2), new Ssrc(3));
        Assert.True(writer.WriteExtension(1, [0xAA]));
        Assert.True(writer.WriteExtension(2, [0xBB, 0xBC]));

        Assert.False(writer.WriteExtension(20, [0xCC, 0xCD]));

        Assert.Equal(24, writer.FinishHeader());
        Assert.Equal("BEDE0002" + "10AA" + "21BBBC" + "000000", Convert.ToHexString(slot)[24..]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 256)]
    public void WriteExtension_what_no_form_can_hold_is_refused(byte id, int valueLength)
    {
        RtpPacketWriter writer = new(new byte[1500]);
        writer.WriteHeader(false, new PayloadType(96), new SequenceNumber(1), new RtpTimestamp(2), new Ssrc(3));

        Assert.False(writer.WriteExtension(id, new byte[valueLength]));
    }

    [Fact]
    public void Writing_and_parsing_allocate_nothing()
    {
        byte[] slot = new byte[1500];
        byte[] descriptor = new byte[20];
        Assert.Equal(0, Allocations.Of(() =>
        {
            RtpPacketWriter writer = new(slot);
            writer.WriteHeader(true, new PayloadType(96), new SequenceNumber(1), new RtpTimestamp(2), new Ssrc(3));
            writer.WriteExtension(1, [0xAA]);
            writer.WriteExtension(2, descriptor);
            int length = writer.FinishHeader() + 1000;
            _ = RtpPacketView.TryParse(slot.AsSpan(0, length), out RtpPacketView view);
            view.TryGetExtension(2, out _);
        }));
    }

    private static string Write((byte Id, string Value)[] extensions, out byte[] slot)
    {
        slot = new byte[200];
        slot.AsSpan().Fill(0x55);
        RtpPacketWriter writer = new(slot);
        writer.WriteHeader(true, new PayloadType(111), new SequenceNumber(0x1234), new RtpTimestamp(0x01020304), new Ssrc(0xCAFEBABE));
        foreach ((byte id, string value) in extensions)
            Assert.True(writer.WriteExtension(id, Hex.Bytes(value)));
        return Convert.ToHexString(slot, 0, writer.FinishHeader());
    }
}
