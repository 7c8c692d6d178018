using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MediaGateway.LoadTester.Servers;

/// <summary>Addresses of this machine.</summary>
internal static class LocalAddresses
{
    /// <summary>
    /// The first IPv4 address of an interface that is up and not the loopback one; what is sent to it stays in the kernel all the same.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static IPAddress OffLoopback() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback })
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)
        ?? throw new InvalidOperationException(
            "Janus needs an address of an interface other than the loopback one; tests/netns.sh COMMAND gives a command one.");
}
