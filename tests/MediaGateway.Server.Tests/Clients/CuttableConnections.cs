using System.Net.Sockets;

namespace MediaGateway.Server.Tests.Clients;

/// <summary>Connections of a client that a test can cut, and lead to another gateway.</summary>
internal sealed class CuttableConnections : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<NetworkStream> _open = [];

    public CuttableConnections() => Handler = new SocketsHttpHandler { ConnectCallback = (_, cancellation) => ConnectAsync(cancellation) };

    public SocketsHttpHandler Handler { get; }

    /// <summary>Address that new connections lead to, whatever the client asks for.</summary>
    public required string Url { get; set; }

    /// <summary>Number of connections so far.</summary>
    public int Count { get; private set; }

    public void Cut()
    {
        lock (_lock)
        {
            _open.ForEach(stream => stream.Dispose());
            _open.Clear();
        }
    }

    public void Dispose()
    {
        Cut();
        Handler.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var target = new Uri(Url);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target.Host, target.Port, cancellation);
        var stream = new NetworkStream(socket, ownsSocket: true);
        lock (_lock)
        {
            _open.Add(stream);
            Count++;
        }
        return stream;
    }
}
