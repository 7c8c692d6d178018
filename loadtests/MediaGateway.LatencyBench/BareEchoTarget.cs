using System.Net;
using System.Net.Sockets;

namespace MediaGateway.LatencyBench;

/// <summary>The yardstick: a thread that blocks in recvfrom and answers with sendto, and does nothing else.</summary>
internal sealed class BareEchoTarget : ILatencyTarget
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _thread;
    private readonly EchoClient _client;

    public BareEchoTarget()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _thread = new Thread(Echo) { Name = "bare-echo", IsBackground = true };
        _thread.Start();
        _client = new EchoClient(EndPoint);
    }

    public string Name => "bare echo";

    private IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public TimeSpan? Exchange() => _client.Exchange();

    public void Idle()
    {
    }

    public void Dispose()
    {
        _client.Dispose();
        // An empty datagram ends the loop.
        using (Socket last = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
            last.SendTo(Array.Empty<byte>(), EndPoint);
        _thread.Join();
        _socket.Dispose();
    }

    private void Echo()
    {
        byte[] buffer = new byte[2048];
        SocketAddress remote = new(AddressFamily.InterNetwork);
        while (true)
        {
            int length = _socket.ReceiveFrom(buffer, SocketFlags.None, remote);
            if (length == 0)
                return;
            _socket.SendTo(buffer.AsSpan(0, length), SocketFlags.None, remote);
        }
    }
}
