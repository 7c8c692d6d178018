using System.Net;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

public sealed class LocalAddressDiscoveryTests
{
    [Fact]
    public void Loopback_only_finds_loopback_and_nothing_else()
    {
        IReadOnlyList<IPAddress> addresses = LocalAddressDiscovery.Discover(loopbackOnly: true);
        Assert.Contains(IPAddress.Loopback, addresses);
        Assert.All(addresses, address => Assert.True(IPAddress.IsLoopback(address)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Addresses_found_can_be_bound_together_and_come_in_the_same_order(bool loopbackOnly)
    {
        IReadOnlyList<IPAddress> addresses = LocalAddressDiscovery.Discover(loopbackOnly);
        Assert.Equal(addresses, LocalAddressDiscovery.Discover(loopbackOnly));
        Assert.Equal(addresses, addresses.Distinct().OrderBy(address => address.AddressFamily));
        Assert.All(addresses, address => Assert.Equal(loopbackOnly, IPAddress.IsLoopback(address)));
        if (addresses.Count == 0)
            return;
        using UdpDatapath datapath = UdpDatapath.Open(new UdpEndpointOptions { Addresses = addresses }, new DropCounters());
        Assert.Equal(addresses, datapath.LocalAddresses.Select(address => address.ToIPAddress()));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("203.0.113.1", true)]
    [InlineData("169.253.0.1", true)]
    [InlineData("169.254.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", true)]
    [InlineData("fd00::2", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    public void Address_is_usable_when_a_peer_could_send_to_it(string address, bool expected)
    {
        Assert.Equal(expected, LocalAddressDiscovery.IsUsable(IPAddress.Parse(address)));
    }
}
