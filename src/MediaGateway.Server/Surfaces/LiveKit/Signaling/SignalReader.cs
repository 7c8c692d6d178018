using System.Buffers;
using System.Net.WebSockets;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Reads whole messages off a WebSocket, within bounds. Owns its buffer; what it returns is valid until the next read.</summary>
/// <param name="socket">The connection.</param>
/// <param name="maxMessageBytes">Largest message.</param>
/// <param name="memory">What all connections together may hold of messages that have not ended.</param>
internal sealed class SignalReader(WebSocket socket, int maxMessageBytes, MessageMemory memory) : IDisposable
{
    private const int InitialBytes = 4 * 1024;

    /// <summary>The pool may give more than was asked for.</summary>
    private const int MostIdleBytes = 2 * InitialBytes;

    /// <summary>Longer messages are rare, and a pool would keep their buffers for good. A power of two, as its lengths are.</summary>
    private const int MostPooledBytes = 64 * 1024;

    /// <summary>Bytes that may be under way in the buffers of both systems when a connection is closed.</summary>
    private const int LeastDrainedBytes = 1 << 20;

    /// <summary>Least cost of a frame, bytes: one without content is work, too.</summary>
    private const int LeastFrameCost = 64;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _taken;

    /// <summary>The next message, or how there will be none.</summary>
    public async ValueTask<ReceivedMessage> ReadAsync()
    {
        int length = 0;
        // A description of many sections is long and rare; what is kept meanwhile is for pings.
        if (_buffer.Length > MostIdleBytes)
            Shrink();
        while (await ReceiveAsync(_buffer.AsMemory(length)) is { } part)
        {
            length += part.Count;
            if (length > maxMessageBytes)
                return new ReceivedMessage(ReceivedKind.TooLarge, default);
            if (part.EndOfMessage)
                return new ReceivedMessage(part.MessageType == WebSocketMessageType.Text ? ReceivedKind.Text
                    : ReceivedKind.Binary, _buffer.AsMemory(0, length));
            if (length == _buffer.Length && !TryGrow(length))
                return new ReceivedMessage(ReceivedKind.NoRoom, default);
        }
        return new ReceivedMessage(ReceivedKind.Closed, default);
    }

    /// <summary>
    /// Reads and forgets until the client has closed its side, too; no more than what was under way when it was told to, so that a flood
    /// is not read on for as long as its sender likes.
    /// </summary>
    public async ValueTask DrainAsync()
    {
        Shrink();
        for (int left = Math.Max(maxMessageBytes, LeastDrainedBytes); left > 0;)
        {
            if (await ReceiveAsync(_buffer) is not { } part)
                return;
            left -= Math.Max(part.Count, LeastFrameCost);
        }
    }

    public void Dispose()
    {
        Shrink();
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

    private bool TryGrow(int length)
    {
        if (!memory.TryTake(length))
            return false;
        _taken += length;
        Exchange(2 * length, length);
        return true;
    }

    private void Shrink()
    {
        if (_buffer.Length > MostIdleBytes)
            Exchange(InitialBytes, 0);
        memory.Return(_taken);
        _taken = 0;
    }

    private void Exchange(int size, int length)
    {
        byte[] other = size > MostPooledBytes ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, length).CopyTo(other);
        if (_buffer.Length <= MostPooledBytes)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = other;
    }
}
