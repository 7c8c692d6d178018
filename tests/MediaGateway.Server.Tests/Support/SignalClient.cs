using System.Net.WebSockets;
using System.Text;
using Google.Protobuf;
using MediaGateway.Server.Signaling.Messages;

namespace MediaGateway.Server.Tests.Support;

/// <summary>The client's side of a signaling connection.</summary>
internal sealed class SignalClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket;

    private SignalClient(ClientWebSocket socket) => _socket = socket;

    /// <summary>The form of the message received last.</summary>
    public WebSocketMessageType LastForm { get; private set; }

    public static Task<SignalClient> ConnectAsync(
        TestGateway gateway, string path = "/rtc/v1", string query = "sdk=js&protocol=17", string? token = null, bool tokenInHeader = false)
    {
        token ??= TestGateway.Token();
        ClientWebSocket socket = new();
        if (tokenInHeader)
            socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        return ConnectAsync(gateway.Client.BaseAddress!, socket, $"{path}?{query}" + (tokenInHeader ? "" : $"&access_token={token}"));
    }

    /// <summary>Connects to whatever gateway.</summary>
    public static Task<SignalClient> ConnectAsync(Uri gateway, string token, string path = "/rtc/v1") =>
        ConnectAsync(gateway, new ClientWebSocket(), $"{path}?sdk=js&protocol=17&access_token={token}");

    private static async Task<SignalClient> ConnectAsync(Uri gateway, ClientWebSocket socket, string pathAndQuery)
    {
        socket.Options.CollectHttpResponseDetails = true;
        using CancellationTokenSource patience = new(Patience);
        await socket.ConnectAsync(new Uri("ws://" + gateway.Authority + pathAndQuery), patience.Token);
        return new SignalClient(socket);
    }

    public Task SendAsync(SignalRequest request, bool asText = false) => asText
        ? SendAsync(Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(request)), isText: true)
        : SendAsync(request.ToByteArray());

    public Task SendTextAsync(string json) => SendAsync(Encoding.UTF8.GetBytes(json), isText: true);

    public async Task SendAsync(byte[] message, bool isText = false)
    {
        using CancellationTokenSource patience = new(Patience);
        await _socket.SendAsync(message, isText ? WebSocketMessageType.Text
            : WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
    }

    /// <summary>Status that the gateway has closed with; null while it has not.</summary>
    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <summary>The next message of any kind; null once the gateway has closed.</summary>
    public Task<SignalResponse?> TryReceiveAsync() => ReceiveAnyAsync();

    /// <summary>The next message but for the token refresh, which comes at a time of its own.</summary>
    public async Task<SignalResponse> ReceiveAsync(bool skipRefresh = true)
    {
        while (true)
        {
            SignalResponse response = await ReceiveAnyAsync()
                ?? throw new InvalidOperationException($"closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}");
            if (!skipRefresh || response.MessageCase != SignalResponse.MessageOneofCase.RefreshToken)
                return response;
        }
    }

    public async Task<SignalResponse> ReceiveAsync(SignalResponse.MessageOneofCase expected)
    {
        SignalResponse response = await ReceiveAsync();
        Assert.True(response.MessageCase == expected, $"expected {expected}, got {response}");
        return response;
    }

    /// <summary>Reads until the server closes, then closes too.</summary>
    public async Task<(WebSocketCloseStatus? Status, string? Reason, List<SignalResponse> Before)> ReceiveCloseAsync()
    {
        List<SignalResponse> before = [];
        while (await ReceiveAnyAsync() is { } response)
            before.Add(response);
        await CloseAsync();
        return (_socket.CloseStatus, _socket.CloseStatusDescription, before);
    }

    /// <summary>Ends the connection without a close frame, as a client that vanishes.</summary>
    public void Abort() => _socket.Abort();

    public async Task CloseAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State is WebSocketState.Open)
        {
            try
            {
                using CancellationTokenSource patience = new(TimeSpan.FromSeconds(5));
                await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
            catch (Exception error) when (error is WebSocketException or OperationCanceledException)
            {
                _socket.Abort();
            }
        }
        _socket.Dispose();
    }

    private async Task<SignalResponse?> ReceiveAnyAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        using MemoryStream message = new();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
                continue;
            LastForm = part.MessageType;
            return part.MessageType == WebSocketMessageType.Text
                ? JsonParser.Default.Parse<SignalResponse>(Encoding.UTF8.GetString(message.ToArray()))
                : SignalResponse.Parser.ParseFrom(message.ToArray());
        }
    }
}
