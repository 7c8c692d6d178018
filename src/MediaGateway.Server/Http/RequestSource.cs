using System.Net;
using System.Net.Sockets;

namespace MediaGateway.Server.Http;

/// <summary>The source that limits are counted by: an IPv4 address or an IPv6 /64, for one customer's network has 2^64 addresses.</summary>
internal static class RequestSource
{
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]])
            : address;
    }
}
