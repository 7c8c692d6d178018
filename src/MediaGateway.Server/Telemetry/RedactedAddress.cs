using System.Net;
using System.Net.Sockets;

namespace MediaGateway.Server.Telemetry;

/// <summary>A client's address as logs may show it: its IPv4 /24 or IPv6 /48.</summary>
internal readonly struct RedactedAddress(IPAddress? address)
{
    private readonly IPAddress? _address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    public override string ToString()
    {
        if (_address is null)
            return "unknown";
        byte[] bytes = _address.GetAddressBytes();
        return _address.AddressFamily == AddressFamily.InterNetwork
            ? $"{bytes[0]}.{bytes[1]}.{bytes[2]}.*"
            : new IPAddress([.. bytes[..6], .. new byte[10]]) + "/48";
    }
}
