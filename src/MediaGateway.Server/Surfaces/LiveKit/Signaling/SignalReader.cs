using System.Buffers;
using System.Net.WebSockets;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Reads whole messages off a WebSocket, within bounds. Owns its buffer; what it returns is valid until the next read.</summary>
internal sealed class SignalReader(WebSocket socket, int maxMessageBytes) : IDisposable
{
    private const int InitialBytes = 4 * 1024;

    /// <summary>The pool may give more than was asked for.</summary>
    private const int MostIdleBytes = 2 * InitialBytes;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);

    /// <summary>The next message, or how there will be none.</summary>
    public async ValueTask<ReceivedMessage> ReadAsync()
    {
        int length = 0;
        // A description of many sections is long and rare; what is kept meanwhile is for pings.
        if (_buffer.Length > MostIdleBytes)
            Exchange(InitialBytes, 0);
        while (await ReceiveAsync(_buffer.AsMemory(length)) is { } part)
        {
            length += part.Count;
            if (length > maxMessageBytes)
                return new ReceivedMessage(ReceivedKind.TooLarge, default);
            if (part.EndOfMessage)
                return new ReceivedMessage(part.MessageType == WebSocketMessageType.Text ? ReceivedKind.Text
                    : ReceivedKind.Binary, _buffer.AsMemory(0, length));
            if (length == _buffer.Length)
                Exchange(2 * length, length);
        }
        return new ReceivedMessage(ReceivedKind.Closed, default);
    }

    /// <summary>Reads and forgets until the client has closed its side, too.</summary>
    public async ValueTask DrainAsync()
    {
        while (await ReceiveAsync(_buffer) is not null)
        {
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Reads the next message; null once the client has closed or the connection is lost.</summary>
    private async ValueTask<ValueWebSocketReceiveResult?> ReceiveAsync(Memory<byte> target)
    {
        try
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(target, CancellationToken.None);
            return part.MessageType == WebSocketMessageType.Close ? null : part;
        }
        catch (WebSocketException)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            // What an aborted socket throws.
            return null;
        }
    }

    private void Exchange(int size, int length)
    {
        byte[] other = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, length).CopyTo(other);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = other;
    }
}
