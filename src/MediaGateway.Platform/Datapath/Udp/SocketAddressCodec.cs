using System.Buffers.Binary;
using System.Net.Sockets;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// Reads and writes the port and address of a native socket address. They lie at the same offsets in sockaddr_in and
/// sockaddr_in6 of all systems; the family in front of them does not, and the callers see to it.
/// </summary>
internal static class SocketAddressCodec
{
    /// <summary>sizeof(struct sockaddr_in).</summary>
    public const int IPv4Length = 16;

    /// <summary>sizeof(struct sockaddr_in6).</summary>
    public const int IPv6Length = 28;

    private const int PortOffset = 2;
    private const int IPv4Offset = 4;
    private const int IPv6Offset = 8;

    public static TransportAddress Read(ReadOnlySpan<byte> socketAddress, AddressFamily family)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(socketAddress[PortOffset..]);
        return family == AddressFamily.InterNetwork
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(socketAddress[IPv4Offset..]), port)
            : TransportAddress.FromIPv6(socketAddress.Slice(IPv6Offset, 16), port);
    }

    /// <summary>Writes port and address; leaves the family, flow information and scope as they are.</summary>
    /// <returns>False when the address is not of the family: the socket cannot reach it.</returns>
    public static bool TryWrite(in TransportAddress address, Span<byte> socketAddress, AddressFamily family)
    {
        if (address.IsIPv4 != (family == AddressFamily.InterNetwork))
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(socketAddress[PortOffset..], address.Port);
        if (address.IsIPv4)
            BinaryPrimitives.WriteUInt32BigEndian(socketAddress[IPv4Offset..], address.IPv4);
        else
            address.WriteIPv6(socketAddress[IPv6Offset..]);
        return true;
    }
}
