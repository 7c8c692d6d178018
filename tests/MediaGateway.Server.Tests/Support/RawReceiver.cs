using System.Net;
using System.Net.Sockets;

namespace MediaGateway.Server.Tests.Support;

/// <summary>Server on a free port of a loopback address that does with each connection what a test says, HTTP or not.</summary>
internal sealed class RawReceiver : IDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;

    public RawReceiver(Func<NetworkStream, CancellationToken, Task> serve, string address = "127.0.0.1")
    {
        _serve = serve;
        _listener = new TcpListener(IPAddress.Parse(address), 0);
        _listener.Start();
        Url = $"http://{_listener.LocalEndpoint}/";
        _ = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>Completes once somebody has connected.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Reads a request to the end of its body, whose length its headers give, and returns it.</summary>
    public static async Task<string> ReadRequestAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        int length = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header.AsSpan("Content-Length:".Length), provider: null);
        }
        char[] body = new char[length];
        int read = await reader.ReadBlockAsync(body, cancellationToken);
        return new string(body, 0, read);
    }

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        _reached.TrySetResult();
        try
        {
            using (client)
                await _serve(client.GetStream(), _ended.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone, or the test is over.
        }
    }
}
