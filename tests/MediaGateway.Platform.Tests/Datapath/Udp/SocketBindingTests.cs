using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

public sealed class SocketBindingTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Wildcard_address_is_refused(string address)
    {
        UdpEndpointOptions options = new() { Addresses = [IPAddress.Parse(address)] };
        Assert.Throws<ArgumentException>(() => UdpDatapath.Open(options, new DropCounters()));
    }

    [Fact]
    public void Endpoint_without_addresses_is_refused()
    {
        Assert.Throws<ArgumentException>(() => UdpDatapath.Open(new UdpEndpointOptions { Addresses = [] }, new DropCounters()));
    }

    [Fact]
    public void Port_in_use_is_an_error_and_not_shared()
    {
        using UdpDatapath first = UdpDatapath.Open(
            new UdpEndpointOptions { Addresses = [IPAddress.Loopback] }, new DropCounters());
        UdpEndpointOptions same = new() { Addresses = [IPAddress.Loopback], Port = first.LocalAddresses[0].Port };

        SocketException e = Assert.Throws<SocketException>(() => UdpDatapath.Open(same, new DropCounters()));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
    }

    [Fact]
    public void Address_of_another_machine_is_an_error()
    {
        // RFC 5737: documentation only.
        UdpEndpointOptions options = new() { Addresses = [IPAddress.Parse("203.0.113.7")] };
        Assert.Throws<SocketException>(() => UdpDatapath.Open(options, new DropCounters()));
    }

    [Fact]
    public void Buffers_that_the_system_caps_are_warned_about_with_the_remedy()
    {
        int receiveLimit = LimitOf("rmem_max");
        int sendLimit = LimitOf("wmem_max");
        UdpEndpointOptions options = new()
        {
            Addresses = [IPAddress.Loopback],
            ReceiveBufferBytes = receiveLimit + 1_024,
            SendBufferBytes = sendLimit + 1_024,
        };
        using UdpDatapath datapath = UdpDatapath.Open(options, new DropCounters());

        Assert.Equal(2, datapath.Warnings.Count);
        Assert.Contains($"holds {receiveLimit} of", datapath.Warnings[0], StringComparison.Ordinal);
        Assert.Contains($"sysctl -w net.core.rmem_max={receiveLimit + 1_024}", datapath.Warnings[0], StringComparison.Ordinal);
        Assert.Contains($"sysctl -w net.core.wmem_max={sendLimit + 1_024}", datapath.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Buffers_that_the_system_grants_are_not_warned_about()
    {
        UdpEndpointOptions options = new()
        {
            Addresses = [IPAddress.Loopback],
            ReceiveBufferBytes = 65_536,
            SendBufferBytes = 65_536,
        };
        using UdpDatapath datapath = UdpDatapath.Open(options, new DropCounters());
        Assert.Empty(datapath.Warnings);
    }

    private static int LimitOf(string name) =>
        int.Parse(File.ReadAllText($"/proc/sys/net/core/{name}"), CultureInfo.InvariantCulture);
}
