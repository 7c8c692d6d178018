using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>Collects what gRPC's server writes until it is flushed, and takes the messages out of its frames.</summary>
/// <param name="flush">Sends what has been collected.</param>
internal sealed class ConnectResponseWriter(Func<CancellationToken, ValueTask<FlushResult>> flush) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _buffer.WrittenCount;

    /// <summary>All messages that were written since the last call. gRPC's server compresses none, and flushes whole ones only.</summary>
    public List<byte[]> TakeMessages()
    {
        List<byte[]> messages = [];
        ReadOnlySpan<byte> written = _buffer.WrittenSpan;
        while (written.Length >= Envelope.HeaderLength)
        {
            int end = Envelope.HeaderLength + BinaryPrimitives.ReadInt32BigEndian(written[1..]);
            messages.Add(written[Envelope.HeaderLength..end].ToArray());
            written = written[end..];
        }
        _buffer.ResetWrittenCount();
        return messages;
    }

    public override void Advance(int bytes) => _buffer.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => flush(cancellationToken);

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
