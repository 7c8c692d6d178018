using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaGateway.LoadTester.Servers;

/// <summary>
/// Janus's API over one WebSocket, which any number of requests share: an answer names its request's transaction, an event
/// the handle that it is about.
/// </summary>
internal sealed class JanusConnection : IAsyncDisposable
{
    private const int ReadSize = 16 * 1024;

    private readonly ConcurrentDictionary<string, PendingAnswer> _pending = new();
    private readonly ConcurrentDictionary<long, JanusHandle> _handles = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly ClientWebSocket _socket;
    private readonly TimeSpan _timeout;
    private readonly Func<string> _describeServer;
    private readonly Task _receiving;
    private JanusException? _end;
    private long _transactions;

    private JanusConnection(ClientWebSocket socket, TimeSpan timeout, Func<string> describeServer)
    {
        _socket = socket;
        _timeout = timeout;
        _describeServer = describeServer;
        _receiving = ReceiveAsync();
    }

    /// <param name="path">Of the socket that Janus listens on.</param>
    /// <param name="timeout">Of each answer.</param>
    /// <param name="describeServer">Says, when the connection ends, how the server is.</param>
    /// <param name="cancellation">Of the opening alone.</param>
    /// <exception cref="WebSocketException">Nobody listens there, or not yet.</exception>
    public static async Task<JanusConnection> OpenAsync(string path, TimeSpan timeout, Func<string> describeServer,
        CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = async (_, token) => await ConnectAsync(path, token) };
        using var invoker = new HttpMessageInvoker(handler);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol("janus-protocol");
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            await socket.ConnectAsync(new Uri("ws://localhost/"), invoker, cancellation);
            return new JanusConnection(socket, timeout, describeServer);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Add(JanusHandle handle) => _handles[handle.Id] = handle;

    public void Remove(JanusHandle handle) => _handles.TryRemove(handle.Id, out _);

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">Gets its transaction here.</param>
    /// <param name="answersLater">The request is acknowledged first and answered by an event.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="JanusException">Janus refused it, does not answer, or is gone.</exception>
    public async Task<JsonElement> RequestAsync(JsonObject request, bool answersLater, CancellationToken cancellation)
    {
        string transaction = Interlocked.Increment(ref _transactions).ToString(CultureInfo.InvariantCulture);
        request["transaction"] = transaction;
        var pending =
            new PendingAnswer(answersLater, new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously));
        _pending[transaction] = pending;
        try
        {
            // Whoever ends the connection says so first and fails the pending requests then.
            if (Volatile.Read(ref _end) is { } end)
                throw new JanusException(end.Message, end);
            await SendAsync(JsonSerializer.SerializeToUtf8Bytes(request), cancellation);
            JsonElement answer = await pending.Source.Task.WaitAsync(_timeout, cancellation);
            return ErrorOf(answer) is { } error ? throw new JanusException($"Janus refused to {NameOf(request)}: {error}.") : answer;
        }
        catch (TimeoutException)
        {
            throw new JanusException($"Janus did not answer to {NameOf(request)} within {_timeout.TotalSeconds:F0} s. {_describeServer()}");
        }
        finally
        {
            _pending.TryRemove(transaction, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _sending.Dispose();
        _stop.Dispose();
    }

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>"attach", or of a message to a plugin what it asks for, "join".</summary>
    private static string NameOf(JsonObject request) => (request["body"]?["request"] ?? request["janus"])!.GetValue<string>();

    /// <summary>An error of Janus itself, or of the plugin within an answer that is none.</summary>
    private static string? ErrorOf(JsonElement answer)
    {
        if (answer.TryGetProperty("error", out JsonElement error))
            return $"{error.GetProperty("reason")} (code {error.GetProperty("code")})";
        return answer.TryGetProperty("plugindata", out JsonElement plugin)
            && plugin.GetProperty("data") is var data
            && data.TryGetProperty("error", out JsonElement message)
            ? $"{message} (code {data.GetProperty("error_code")})"
            : null;
    }

    /// <summary>A send that is cancelled halfway would end the connection for all: only the wait for one's turn is.</summary>
    private async Task SendAsync(byte[] message, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            throw new JanusException($"The connection to Janus is gone: {failure.Message} {_describeServer()}", failure);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var buffer = new ArrayBufferWriter<byte>(ReadSize);
            while (true)
            {
                ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(buffer.GetMemory(ReadSize), _stop.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                buffer.Advance(received.Count);
                if (!received.EndOfMessage)
                    continue;
                Dispatch(JsonElement.Parse(buffer.WrittenSpan));
                buffer.ResetWrittenCount();
            }
            End("Janus closed the connection.", cause: null);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or JsonException)
        {
            End($"The connection to Janus ended: {failure.Message}", failure);
        }
    }

    private void Dispatch(JsonElement message)
    {
        string? kind = message.GetProperty("janus").GetString();
        if (message.TryGetProperty("transaction", out JsonElement transaction))
        {
            if (_pending.TryGetValue(transaction.GetString()!, out PendingAnswer? pending) && !(pending.AnswersLater && kind == "ack"))
                pending.Source.TrySetResult(message);
        }
        else if (message.TryGetProperty("sender", out JsonElement sender)
            && _handles.TryGetValue(sender.GetInt64(), out JanusHandle? handle))
            handle.OnEvent(kind, message);
    }

    private void End(string reason, Exception? cause)
    {
        string message = _stop.IsCancellationRequested ? "The connection to Janus was closed." : $"{reason} {_describeServer()}";
        var end = cause is null ? new JanusException(message) : new JanusException(message, cause);
        Volatile.Write(ref _end, end);
        foreach (PendingAnswer pending in _pending.Values)
            pending.Source.TrySetException(end);
        foreach (JanusHandle handle in _handles.Values)
            handle.OnConnectionEnded(reason);
    }

    private sealed record PendingAnswer(bool AnswersLater, TaskCompletionSource<JsonElement> Source);
}
