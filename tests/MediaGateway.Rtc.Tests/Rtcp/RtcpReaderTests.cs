using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Rtcp;

public class RtcpReaderTests
{
    [Theory]
    // A compound of RR, SDES and PLI.
    [InlineData("80C90001 00000001  81CA0003 00000001 0103616263000000  81CE0002 00000001 00000002", "201/0/4 202/1/12 206/1/8")]
    // Reduced size (RFC 5506): feedback alone.
    [InlineData("81CE0002 00000001 00000002", "206/1/8")]
    // A BYE without sources and an unknown type.
    [InlineData("80CB0000 80C00000", "203/0/0 192/0/0")]
    // Padding on the last packet, of a full word.
    [InlineData("A0C90002 00000001 00000004", "201/0/4")]
    // What libwebrtc sends: transport-wide feedback padded by its last bytes, and not at the end of the compound.
    [InlineData("AFCD0001 00AA0002 80C90001 00000001", "205/15/2 201/0/4")]
    public void TryRead_gives_each_packet_without_padding(string datagram, string expected)
    {
        Assert.Equal(expected, ReadAll(datagram, out bool malformed));
        Assert.False(malformed);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("80C900", "")]
    [InlineData("40C90001 00000001", "")]
    [InlineData("80C90001 000000", "")]
    [InlineData("80C90001 00000001 80", "201/0/4")]
    [InlineData("80C90001 00000001 80C9FFFF", "201/0/4")]
    [InlineData("A0C90000", "")]
    [InlineData("A0C90001 00000000", "")]
    [InlineData("A0C90001 00000005", "")]
    public void TryRead_malformed_datagram_ends_after_the_good_packets(string datagram, string expected)
    {
        Assert.Equal(expected, ReadAll(datagram, out bool malformed));
        Assert.True(malformed);
    }

    [Theory]
    [InlineData("80C0", true)]
    [InlineData("80C8", true)]
    [InlineData("80DF", true)]
    [InlineData("80BF", false)]
    [InlineData("80E0", false)]
    [InlineData("806F", false)]
    [InlineData("80", false)]
    [InlineData("", false)]
    public void IsRtcp_second_byte_192_to_223(string datagram, bool expected) =>
        Assert.Equal(expected, RtcpClassifier.IsRtcp(Hex.Bytes(datagram)));

    private static string ReadAll(string datagram, out bool malformed)
    {
        List<string> packets = [];
        RtcpReader reader = new(Hex.Bytes(datagram));
        while (reader.TryRead(out RtcpPacketView packet))
            packets.Add($"{(int)packet.Type}/{packet.Count}/{packet.Body.Length}");
        malformed = reader.IsMalformed;
        return string.Join(' ', packets);
    }
}
