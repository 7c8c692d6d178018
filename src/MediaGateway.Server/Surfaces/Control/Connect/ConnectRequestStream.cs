using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>The request's body as gRPC frames it: uncompressed protobuf, whatever the client wrote.</summary>
/// <param name="body">The body as it arrives.</param>
/// <param name="format">What the client writes.</param>
/// <param name="method">The method that is called.</param>
/// <param name="isGzip">Whether the client may compress its messages by gzip.</param>
/// <param name="maxLength">Bytes of one message, after decompression, that are read at most.</param>
internal sealed class ConnectRequestStream(PipeReader body, ConnectFormat format, ConnectMethod method, bool isGzip, int maxLength) : Stream
{
    private ReadOnlyMemory<byte> _frame;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="RpcException">The body is not what the content type says, or a message is too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_frame.IsEmpty && !_isAtEnd)
            _frame = format.IsStream ? await ReadEnvelopeAsync(cancellationToken) : await ReadWholeAsync(cancellationToken);
        int count = Math.Min(buffer.Length, _frame.Length);
        _frame[..count].CopyTo(buffer);
        _frame = _frame[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("gRPC reads asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<byte[]> ReadEnvelopeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await body.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            bool isWhole = false;
            byte flags;
            byte[] payload;
            try
            {
                isWhole = Envelope.TryTake(ref buffer, maxLength, out flags, out payload);
            }
            finally
            {
                // After a refusal too: whoever drains the body goes on reading here.
                body.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
            }
            if (isWhole)
                return FrameOf(payload, (flags & Envelope.Compressed) != 0);
            if (!result.IsCompleted)
                continue;
            _isAtEnd = true;
            return buffer.IsEmpty ? []
                : throw new RpcException(new Status(StatusCode.InvalidArgument, "The request ends within a message."));
        }
    }

    private async ValueTask<byte[]> ReadWholeAsync(CancellationToken cancellationToken)
    {
        _isAtEnd = true;
        using var whole = new MemoryStream();
        while (true)
        {
            ReadResult result = await body.ReadAsync(cancellationToken);
            bool isTooLong = whole.Length + result.Buffer.Length > maxLength;
            if (!isTooLong)
            {
                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                    whole.Write(part.Span);
            }
            body.AdvanceTo(result.Buffer.End);
            if (isTooLong)
                throw Envelope.TooLong(maxLength);
            if (result.IsCompleted)
                return FrameOf(whole.ToArray(), isGzip);
        }
    }

    private byte[] FrameOf(byte[] payload, bool isCompressed)
    {
        if (isCompressed && !isGzip)
            throw new RpcException(new Status(
                StatusCode.InvalidArgument, "A message is marked as compressed, but the call does not name gzip as its compression."));
        if (isCompressed)
            payload = Envelope.Decompress(payload, maxLength);
        return Envelope.Create(0, format.IsJson ? method.ReadRequest(payload) : payload);
    }
}
