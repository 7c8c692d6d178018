using System.Globalization;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>Datagrams that full receive buffers of this machine cost, whosever they were: what a loss must be told apart from.</summary>
internal static class KernelDrops
{
    public static long Read()
    {
        string[] lines = [.. File.ReadLines("/proc/net/snmp").Where(line => line.StartsWith("Udp:", StringComparison.Ordinal))];
        int column = Array.IndexOf(lines[0].Split(' '), "RcvbufErrors");
        return long.Parse(lines[1].Split(' ')[column], CultureInfo.InvariantCulture);
    }
}
