using System.Net;
using System.Net.Sockets;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

public sealed class SocketAddressCodecTests
{
    [Theory]
    [InlineData("127.0.0.1", 1)]
    [InlineData("203.0.113.255", 65_535)]
    [InlineData("::1", 5_000)]
    [InlineData("2001:db8:1:2:3:4:5:6", 443)]
    public void Address_written_is_the_system_s_own_and_reads_back(string text, int port)
    {
        IPEndPoint endPoint = new(IPAddress.Parse(text), port);
        SocketAddress expected = endPoint.Serialize();
        SocketAddress written = new(endPoint.AddressFamily);
        TransportAddress address = TransportAddress.From(endPoint.Address, port);

        Assert.True(SocketAddressCodec.TryWrite(address, written.Buffer.Span, endPoint.AddressFamily));
        Assert.Equal(expected, written);
        Assert.Equal(address, SocketAddressCodec.Read(expected.Buffer.Span, endPoint.AddressFamily));
    }

    [Theory]
    [InlineData("127.0.0.1", AddressFamily.InterNetworkV6)]
    [InlineData("::1", AddressFamily.InterNetwork)]
    public void Address_of_the_other_family_is_refused(string text, AddressFamily family)
    {
        TransportAddress address = TransportAddress.From(IPAddress.Parse(text), 1);
        Assert.False(SocketAddressCodec.TryWrite(address, new byte[SocketAddressCodec.IPv6Length], family));
    }
}
