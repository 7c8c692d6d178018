using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MediaGateway.Attack.Senders;

/// <summary>
/// Sends datagrams with somebody else's address and port as their source, which only a raw socket can (raw(7)): as an attacker does whose
/// network lets it.
/// </summary>
internal sealed class ForgedSender : IDisposable
{
    private const int IpHeader = 20;
    private const int UdpHeader = 8;
    private const int ProtocolUdp = 17;
    private const int TimeToLive = 64;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw);
    private readonly byte[] _packet = new byte[2048];
    private readonly IPEndPoint _to;

    public ForgedSender(IPEndPoint from, IPEndPoint to)
    {
        _to = to;
        // RFC 791 section 3.1. The kernel fills in the length, the identification and the checksum.
        _packet[0] = 0x45;
        _packet[8] = TimeToLive;
        _packet[9] = ProtocolUdp;
        from.Address.TryWriteBytes(_packet.AsSpan(12), out _);
        to.Address.TryWriteBytes(_packet.AsSpan(16), out _);
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(IpHeader), (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(IpHeader + 2), (ushort)to.Port);
    }

    /// <summary>True where this process may do so: as root, or in a network namespace of its own (tests/netns.sh).</summary>
    public static bool IsAllowed
    {
        get
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw);
                return true;
            }
            catch (SocketException refusal) when (refusal.SocketErrorCode == SocketError.AccessDenied)
            {
                return false;
            }
        }
    }

    /// <summary>Sends without a UDP checksum, which IPv4 allows (RFC 768).</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(IpHeader + 4), (ushort)(UdpHeader + datagram.Length));
        datagram.CopyTo(_packet.AsSpan(IpHeader + UdpHeader));
        _socket.SendTo(_packet.AsSpan(0, IpHeader + UdpHeader + datagram.Length), SocketFlags.None, _to);
    }

    public void Dispose() => _socket.Dispose();
}
