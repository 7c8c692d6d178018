using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>The addresses of this machine that a peer could reach.</summary>
public static class LocalAddressDiscovery
{
    /// <summary>
    /// Unicast addresses of the interfaces that are up, IPv4 before IPv6 and each by value, so that a restart finds
    /// the same order. Link-local ones are left out, since they mean nothing without an interface's name.
    /// </summary>
    /// <param name="loopbackOnly">Whether only the loopback addresses are wanted, for development; otherwise they are left out.</param>
    public static IReadOnlyList<IPAddress> Discover(bool loopbackOnly) =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            // Linux reports loopback and tunnels as Unknown.
            .Where(network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => IPAddress.IsLoopback(address) == loopbackOnly && IsUsable(address))
            .Distinct()
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)
            .ThenBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal),
    ];

    /// <summary>Tells whether a peer on another machine could address a datagram to it, its scope apart.</summary>
    internal static bool IsUsable(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return address.AddressFamily switch
        {
            // 169.254.0.0/16 (RFC 3927), 224.0.0.0/4 and above, 0.0.0.0/8.
            AddressFamily.InterNetwork => bytes[0] is not 0 and < 224 && (bytes[0], bytes[1]) != (169, 254),
            AddressFamily.InterNetworkV6 => !address.IsIPv6LinkLocal && !address.IsIPv6Multicast
                && !address.IsIPv4MappedToIPv6 && !address.Equals(IPAddress.IPv6Any),
            _ => false,
        };
    }
}
