using System.Globalization;
using System.Net;

namespace MediaGateway.Attack.Running;

/// <summary>Datagrams that the kernel dropped because the gateway's receive buffer was full (/proc/net/udp).</summary>
internal static class KernelLosses
{
    public static long Of(IPEndPoint socket)
    {
        byte[] address = socket.Address.GetAddressBytes();
        string local = string.Create(
            CultureInfo.InvariantCulture, $"{address[3]:X2}{address[2]:X2}{address[1]:X2}{address[0]:X2}:{socket.Port:X4}");
        return File.ReadLines("/proc/net/udp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1] == local)
            .Sum(fields => long.Parse(fields[^1], CultureInfo.InvariantCulture));
    }
}
