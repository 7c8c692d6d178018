using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MediaGateway.Platform.Interop;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Datapath.Udp;

/// <summary>
/// One socket for each local address, all on one port. Each is an endpoint of the same index in <see cref="Endpoints"/>.
/// </summary>
internal sealed class SocketBinding
{
    /// <summary>Times that another port is tried when the chosen one is taken on another address.</summary>
    private const int PortAttempts = 32;

    private readonly List<string> _warnings = [];

    private SocketBinding(IReadOnlyList<Socket> sockets, UdpEndpointOptions options)
    {
        Sockets = [.. sockets];
        Endpoints = new LocalEndpointTable(sockets.Select(AddressOf));
        for (int i = 0; i < Sockets.Length; i++)
            CheckBuffers(Sockets[i], Endpoints.All[i].Address, options);
    }

    public Socket[] Sockets { get; }

    public LocalEndpointTable Endpoints { get; }

    /// <summary>Changes that the operator should make, as warnings for the log.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <exception cref="ArgumentException">An address is a wildcard, or there are none or too many.</exception>
    /// <exception cref="SocketException">An address cannot be bound.</exception>
    public static SocketBinding Bind(UdpEndpointOptions options)
    {
        Validate(options);
        for (int attempt = 1; ; attempt++)
        {
            List<Socket> sockets = [];
            try
            {
                foreach (IPAddress address in options.Addresses)
                {
                    int port = sockets.Count == 0 ? options.Port : AddressOf(sockets[0]).Port;
                    sockets.Add(Open(address.AddressFamily, options));
                    sockets[^1].Bind(new IPEndPoint(address, port));
                }
                return new SocketBinding(sockets, options);
            }
            catch (SocketException e)
            {
                sockets.ForEach(socket => socket.Dispose());
                bool portIsTaken = e.SocketErrorCode == SocketError.AddressAlreadyInUse;
                if (!portIsTaken || options.Port != 0 || attempt == PortAttempts)
                    throw;
            }
        }
    }

    private static void Validate(UdpEndpointOptions options)
    {
        if (options.Addresses.Count is 0 or > byte.MaxValue)
            throw new ArgumentException("A worker binds 1 to 255 local addresses.", nameof(options));
        foreach (IPAddress address in options.Addresses)
        {
            if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                throw new ArgumentException($"{address} is a wildcard: it would answer from the wrong source.", nameof(options));
        }
    }

    private static Socket Open(AddressFamily family, UdpEndpointOptions options)
    {
        Socket socket = new(family, SocketType.Dgram, ProtocolType.Udp)
        {
            Blocking = false,
            ReceiveBufferSize = options.ReceiveBufferBytes,
            SendBufferSize = options.SendBufferBytes,
        };
        if (family == AddressFamily.InterNetworkV6)
            socket.DualMode = false;
        else if (OperatingSystem.IsLinux())
            AllowFragmentation(socket);
        return socket;
    }

    /// <summary>
    /// Sends IPv4 without the don't-fragment bit, and never by a path MTU learned from ICMP. Media keeps to 1,200
    /// bytes, which pass nearly everywhere; where they do not, a fragment that arrives is better than a datagram that
    /// vanishes, and a forged ICMP message cannot make the kernel cut them smaller. IPv6 keeps the kernel's default:
    /// there only the sender can fragment, and a forged message goes no lower than 1,280 bytes (RFC 8200 section 5).
    /// </summary>
    private static void AllowFragmentation(Socket socket)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(value, Libc.IP_PMTUDISC_OMIT);
        socket.SetRawSocketOption(Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, value);
    }

    private static TransportAddress AddressOf(Socket socket)
    {
        IPEndPoint bound = (IPEndPoint)socket.LocalEndPoint!;
        return TransportAddress.From(bound.Address, bound.Port);
    }

    private void CheckBuffers(Socket socket, TransportAddress local, UdpEndpointOptions options)
    {
        Check("receive", "net.core.rmem_max", socket.ReceiveBufferSize, options.ReceiveBufferBytes);
        Check("send", "net.core.wmem_max", socket.SendBufferSize, options.SendBufferBytes);

        void Check(string kind, string sysctl, int reported, int wanted)
        {
            // Linux reports twice what it grants, the other half being for its own bookkeeping (socket(7)).
            int granted = OperatingSystem.IsLinux() ? reported / 2 : reported;
            if (granted < wanted)
                _warnings.Add($"The {kind} buffer of {local} holds {granted} of {wanted} bytes: run 'sysctl -w {sysctl}={wanted}'.");
        }
    }
}
