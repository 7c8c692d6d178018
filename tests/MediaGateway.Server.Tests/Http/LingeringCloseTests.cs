using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaGateway.Server.Http;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Http;

/// <summary>Clients that write the whole of a request before they read: on raw sockets, since libraries read in between.</summary>
public sealed class LingeringCloseTests : IAsyncLifetime
{
    /// <summary>Length of the bodies, bytes: more than both ends of a connection buffer.</summary>
    private const int Length = 24 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        "Production", _clock, ("Control:MaxMessageBytes", "65536"));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("POST", "/whip/stage", "application/sdp", false, 413)]
    [InlineData("POST", "/whip/stage", "application/sdp", true, 413)]
    [InlineData("POST", "/whep/stage", "application/sdp", false, 413)]
    [InlineData("POST", "/whep/stage", "application/sdp", true, 413)]
    [InlineData("PATCH", "SESSION", "application/trickle-ice-sdpfrag", false, 413)]
    [InlineData("PATCH", "SESSION", "application/trickle-ice-sdpfrag", true, 413)]
    [InlineData("POST", "/twirp/livekit.RoomService/CreateRoom", "application/json", false, 413)]
    [InlineData("POST", "/twirp/livekit.RoomService/CreateRoom", "application/protobuf", true, 413)]
    // As the Connect protocol has it: RESOURCE_EXHAUSTED.
    [InlineData("POST", "/mediagateway.v1.RoomService/CreateRoom", "application/json", false, 429)]
    [InlineData("POST", "/mediagateway.v1.RoomService/CreateRoom", "application/proto", true, 429)]
    // Refusals of other kinds, for which no body is read.
    [InlineData("POST", "/whip/stage", "text/plain", false, 415)]
    [InlineData("POST", "/nothing/here", "application/sdp", false, 404)]
    [InlineData("PUT", "/whip/stage", "application/sdp", true, 405)]
    [InlineData("DELETE", "SESSION", "text/plain", false, 200)]
    public async Task Answer_arrives_though_the_client_writes_on_and_the_connection_stays(
        string method, string path, string contentType, bool isChunked, int status)
    {
        using Socket socket = await ConnectAsync();
        if (path == "SESSION")
            path = (await OpenAsync()).ToString();
        await SendAsync(socket, Head(method, path, contentType, isChunked ? null : Length));
        await SendBodyAsync(socket, Length, isChunked);
        using var reader = new StreamReader(new NetworkStream(socket));

        Assert.Equal(status, await ReadAnswerAsync(reader));
        await SendAsync(socket, "GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n");
        Assert.Equal(200, await ReadAnswerAsync(reader));
    }

    [Fact]
    public async Task Body_that_never_ends_is_cut_off_after_a_number_of_bytes()
    {
        using Socket socket = await ConnectAsync();
        await SendAsync(socket, Head("POST", "/whip/stage", "application/sdp", long.MaxValue));
        using var reader = new StreamReader(new NetworkStream(socket));
        Assert.Equal(413, await ReadAnswerAsync(reader));

        long sent = 0;
        byte[] part = new byte[64 * 1024];
        SocketException cut = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var limit = new CancellationTokenSource(Patience);
            while (true)
                sent += await socket.SendAsync(part, SocketFlags.None, limit.Token);
        });

        Assert.Contains(cut.SocketErrorCode, (SocketError[])[SocketError.ConnectionReset, SocketError.Shutdown]);
        Assert.InRange(sent, LingeringClose.MaxBytes - Length, LingeringClose.MaxBytes + Length);
    }

    [Fact]
    public async Task Body_that_stops_in_the_middle_is_cut_off_after_a_time()
    {
        using Socket socket = await ConnectAsync();
        await SendAsync(socket, Head("POST", "/whip/stage", "application/sdp", Length));
        using var reader = new StreamReader(new NetworkStream(socket));
        Assert.Equal(413, await ReadAnswerAsync(reader));

        // The limit begins to run some time after the answer has been sent.
        Task<int> end = new NetworkStream(socket).ReadAsync(new byte[1]).AsTask();
        using var limit = new CancellationTokenSource(Patience);
        while (!end.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            _clock.Advance(LingeringClose.Limit);
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token));
        }
        Assert.True(end.IsFaulted || await end == 0);
    }

    private static async Task<int> ReadAnswerAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(Patience);
        string? line = await reader.ReadLineAsync(limit.Token);
        Assert.NotNull(line);
        int status = int.Parse(line.Split(' ')[1], provider: null);
        int length = 0;
        bool isChunked = false;
        while (await reader.ReadLineAsync(limit.Token) is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header.AsSpan("Content-Length: ".Length), provider: null);
            isChunked |= header.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        }
        while (isChunked)
        {
            length = Convert.ToInt32(await reader.ReadLineAsync(limit.Token), 16);
            isChunked = length > 0;
            await reader.ReadBlockAsync(new char[length + 2], limit.Token);
            length = 0;
        }
        // A read of nothing would wait for something.
        if (length > 0)
            await reader.ReadBlockAsync(new char[length], limit.Token);
        return status;
    }

    private static string Head(string method, string path, string contentType, long? length) =>
        $"{method} {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {TestGateway.Token()}\r\nContent-Type: {contentType}\r\n"
        + $"If-Match: *\r\n{(length is { } bytes ? $"Content-Length: {bytes}" : "Transfer-Encoding: chunked")}\r\n\r\n";

    private static async Task SendBodyAsync(Socket socket, int length, bool isChunked)
    {
        byte[] part = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
        for (int sent = 0; sent < length; sent += part.Length)
        {
            if (isChunked)
                await SendAsync(socket, "10000\r\n");
            await SendAsync(socket, part);
            if (isChunked)
                await SendAsync(socket, "\r\n");
        }
        if (isChunked)
            await SendAsync(socket, "0\r\n\r\n");
    }

    private static Task SendAsync(Socket socket, string text) => SendAsync(socket, Encoding.ASCII.GetBytes(text));

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, limit.Token)..];
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new DnsEndPoint(_gateway.Client.BaseAddress!.Host, _gateway.Client.BaseAddress.Port));
        return socket;
    }

    private async Task<Uri> OpenAsync()
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();
        return opened.Headers.Location!;
    }
}
