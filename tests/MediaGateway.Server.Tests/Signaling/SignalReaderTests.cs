using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;

namespace MediaGateway.Server.Tests.Signaling;

/// <summary>Tests of what one connection may hold and have read, and all of them together.</summary>
public sealed class SignalReaderTests : IAsyncLifetime
{
    private const int MaxMessageBytes = 1 << 20;
    private const int Room = 64 * 1024;

    private readonly MessageMemory _memory = new(Room);
    private WebSocket _client = null!;
    private WebSocket _server = null!;

    public async Task InitializeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint!);
        _client = WebSocket.CreateFromStream(new NetworkStream(socket, ownsSocket: true), new WebSocketCreationOptions());
        _server = WebSocket.CreateFromStream(
            new NetworkStream(await listener.AcceptAsync(), ownsSocket: true), new WebSocketCreationOptions { IsServer = true });
    }

    public Task DisposeAsync()
    {
        _client.Dispose();
        _server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Message_for_which_there_is_no_memory_is_not_read()
    {
        using var reader = new SignalReader(_server, MaxMessageBytes, _memory);
        Task sending = SendAsync(4 * Room, isLast: true);

        Assert.Equal(ReceivedKind.NoRoom, (await reader.ReadAsync()).Kind);
        Task draining = reader.DrainAsync().AsTask();
        await sending;
        await _client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        await draining;
        AssertAllIsBack();
    }

    [Fact]
    public async Task Messages_of_one_connection_after_the_other_have_the_memory_again()
    {
        for (int i = 0; i < 10; i++)
        {
            using var reader = new SignalReader(_server, MaxMessageBytes, _memory);
            await SendAsync(Room / 2, isLast: true);

            ReceivedMessage message = await reader.ReadAsync();

            Assert.Equal((ReceivedKind.Binary, Room / 2), (message.Kind, message.Payload.Length));
        }
        AssertAllIsBack();
    }

    [Fact]
    public async Task Flood_is_not_read_for_as_long_as_its_sender_likes()
    {
        using var reader = new SignalReader(_server, MaxMessageBytes, _memory);
        using var ended = new CancellationTokenSource();
        Task flood = FloodAsync(ended.Token);

        await reader.DrainAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.False(flood.IsCompleted);
        await ended.CancelAsync();
        await flood;
    }

    private Task SendAsync(int bytes, bool isLast = false) =>
        _client.SendAsync(new byte[bytes], WebSocketMessageType.Binary, isLast, CancellationToken.None);

    private async Task FloodAsync(CancellationToken ended)
    {
        try
        {
            while (true)
                await _client.SendAsync(new byte[1000], WebSocketMessageType.Binary, true, ended);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void AssertAllIsBack() => Assert.True(_memory.TryTake(Room));
}
