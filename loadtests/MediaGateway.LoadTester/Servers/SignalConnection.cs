using System.Buffers;
using System.Net.WebSockets;
using Google.Protobuf;
using MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.LoadTester.Servers;

/// <summary>A participant's signaling as an SDK does it: LiveKit's protocol in protobuf over a WebSocket, with pings.</summary>
internal sealed class SignalConnection : IDisposable
{
    private const int ReadSize = 16 * 1024;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ArrayBufferWriter<byte> _buffer = new(ReadSize);
    private readonly PeriodicTimer _timer = new(PingInterval);

    private SignalConnection()
    {
    }

    /// <param name="address">Of the gateway, <c>ws:</c>.</param>
    /// <param name="token">Says who joins which room.</param>
    /// <param name="cancellation">Of the opening alone.</param>
    /// <exception cref="InvalidOperationException">The gateway refuses.</exception>
    public static async Task<SignalConnection> OpenAsync(Uri address, string token, CancellationToken cancellation)
    {
        var connection = new SignalConnection();
        try
        {
            connection._socket.Options.RemoteCertificateValidationCallback = OwnCertificate.IsTrusted;
            connection._socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
            await connection._socket.ConnectAsync(new Uri(address, "/rtc?sdk=go&protocol=16&auto_subscribe=1"), cancellation);
            _ = connection.PingAsync();
            return connection;
        }
        catch (WebSocketException refusal)
        {
            connection.Dispose();
            throw new InvalidOperationException($"The gateway does not let a participant in: {refusal.Message}", refusal);
        }
    }

    /// <summary>Sends a request; without effect once the connection has ended, which the reader learns.</summary>
    public async Task SendAsync(SignalRequest request)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(request.ToByteArray(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception end) when (
            end is WebSocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next message; null when there will be none. One reader.</summary>
    public async Task<SignalResponse?> ReceiveAsync(CancellationToken cancellation = default)
    {
        _buffer.ResetWrittenCount();
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer.GetMemory(ReadSize), cancellation);
                if (received.MessageType == WebSocketMessageType.Close)
                    return null;
                _buffer.Advance(received.Count);
                if (received.EndOfMessage)
                    return SignalResponse.Parser.ParseFrom(_buffer.WrittenSpan);
            }
        }
        catch (Exception end) when (end is WebSocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _socket.Dispose();
    }

    private async Task PingAsync()
    {
        while (await _timer.WaitForNextTickAsync())
            await SendAsync(new SignalRequest { PingReq = new Ping { Timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() } });
    }
}
