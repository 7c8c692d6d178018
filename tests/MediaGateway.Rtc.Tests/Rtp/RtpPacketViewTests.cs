using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Tests.Rtp;

public class RtpPacketViewTests
{
    private const string FixedHeader = "80 EF 1234 01020304 CAFEBABE";

    [Fact]
    public void TryParse_fixed_header_gives_values_and_payload()
    {
        Assert.True(RtpPacketView.TryParse(Hex.Bytes(FixedHeader + "AABBCC"), out RtpPacketView view));

        Assert.True(view.Marker);
        Assert.Equal(new PayloadType(111), view.PayloadType);
        Assert.Equal(new SequenceNumber(0x1234), view.SequenceNumber);
        Assert.Equal(new RtpTimestamp(0x01020304), view.Timestamp);
        Assert.Equal(new Ssrc(0xCAFEBABE), view.Ssrc);
        Assert.Equal(12, view.PayloadOffset);
        Assert.Equal(0, view.PaddingLength);
        Assert.Equal(Hex.Bytes("AABBCC"), view.Payload.ToArray());
    }

    [Fact]
    public void TryParse_csrcs_and_extension_are_before_the_payload()
    {
        byte[] packet = Hex.Bytes("92 60 0001 00000002 00000003  11111111 22222222  BEDE 0001 10AA0000  EE");

        Assert.True(RtpPacketView.TryParse(packet, out RtpPacketView view));

        Assert.Equal(28, view.PayloadOffset);
        Assert.Equal([0xEE], view.Payload.ToArray());
        Assert.True(view.TryGetExtension(1, out ReadOnlySpan<byte> value));
        Assert.Equal([0xAA], value.ToArray());
    }

    [Theory]
    [InlineData("AABB 000003", 3, "AABB")]
    [InlineData("AABBCC 01", 1, "AABBCC")]
    [InlineData("000003", 3, "")]
    public void TryParse_padding_is_taken_off(string payload, int padding, string expected)
    {
        Assert.True(RtpPacketView.TryParse(Hex.Bytes("A0 60 0001 00000002 00000003" + payload), out RtpPacketView view));

        Assert.Equal(padding, view.PaddingLength);
        Assert.Equal(Hex.Bytes(expected), view.Payload.ToArray());
    }

    [Theory]
    [InlineData("", "no payload to hold the count")]
    [InlineData("AABB00", "a count of 0")]
    [InlineData("AABB04", "more than the payload")]
    public void TryParse_impossible_padding_is_malformed(string payload, string why) =>
        Assert.False(RtpPacketView.TryParse(Hex.Bytes("A0 60 0001 00000002 00000003" + payload), out _), why);

    [Theory]
    [InlineData("")]
    [InlineData("80 60 0001 00000002 000000")]
    [InlineData("40 60 0001 00000002 00000003")]
    [InlineData("81 60 0001 00000002 00000003 111111")]
    [InlineData("90 60 0001 00000002 00000003 BEDE00")]
    [InlineData("90 60 0001 00000002 00000003 BEDE0001 10AA00")]
    public void TryParse_truncated_or_not_version_2_is_malformed(string packet) =>
        Assert.False(RtpPacketView.TryParse(Hex.Bytes(packet), out _));

    [Fact]
    public void TryParse_known_header_reads_padding_of_the_decrypted_packet()
    {
        // The last two bytes stand for an authentication tag, which decryption takes off.
        byte[] datagram = Hex.Bytes("A0 60 0001 00000002 00000003 AA 0002 FFFF");
        Assert.True(RtpHeader.TryParse(datagram, out RtpHeader header));

        Assert.True(RtpPacketView.TryParse(datagram.AsSpan(..^2), header, out RtpPacketView view));

        Assert.Equal([0xAA], view.Payload.ToArray());
    }

    [Fact]
    public void TryParse_packet_shorter_than_its_known_header_is_malformed()
    {
        byte[] datagram = Hex.Bytes("90 60 0001 00000002 00000003 BEDE0001 10AA0000");
        Assert.True(RtpHeader.TryParse(datagram, out RtpHeader header));

        Assert.False(RtpPacketView.TryParse(datagram.AsSpan(..^1), header, out _));
    }

    [Theory]
    // RFC 8285 section 4.2: padding between and after elements.
    [InlineData("BEDE 0003  10AA 21BBBB 00 00 32CCCCCC 00", "1=AA 2=BBBB 3=CCCCCC")]
    // Identifier 15 ends the processing, its length ignored.
    [InlineData("BEDE 0002  10AA F0BB 20CC 0000", "1=AA")]
    // Identifier 0 with a length does too.
    [InlineData("BEDE 0002  10AA 02BB 20CC 0000", "1=AA")]
    [InlineData("BEDE 0001  10AA 21BB", "1=AA")]
    [InlineData("BEDE 0000", "")]
    // RFC 8285 section 4.3: two-byte elements, one of them without data; the low four bits are for the application.
    [InlineData("1000 0003  01 01 AA 00 02 00 FF 02 BBBB 00 00", "1=AA 2= 255=BBBB")]
    [InlineData("100F 0001  0F 01 AA 00", "15=AA")]
    [InlineData("1000 0001  01 00 02 02", "1=")]
    [InlineData("1000 0001  01 00 00 02", "1=")]
    // Some other profile's block (RFC 3550 section 5.3.1) is stepped over.
    [InlineData("ABAC 0001  10AA0000", "")]
    public void GetExtensions_gives_the_elements_in_order(string block, string expected)
    {
        Assert.True(RtpPacketView.TryParse(Hex.Bytes("90 60 0001 00000002 00000003" + block), out RtpPacketView view));

        List<string> elements = [];
        foreach (RtpExtension extension in view.GetExtensions())
            elements.Add($"{extension.Id}={Convert.ToHexString(extension.Value)}");

        Assert.Equal(expected, string.Join(' ', elements));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(15)]
    public void TryGetExtension_id_that_is_not_there_is_not_found(byte id)
    {
        Assert.True(RtpPacketView.TryParse(Hex.Bytes("90 60 0001 00000002 00000003 BEDE0001 10AA0000"), out RtpPacketView view));

        Assert.False(view.TryGetExtension(id, out ReadOnlySpan<byte> value));
        Assert.True(value.IsEmpty);
    }
}
