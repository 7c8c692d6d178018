using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;

namespace MediaGateway.Grpc.Client;

/// <summary>A request's body that is sent as it is written: each message leaves at once.</summary>
internal sealed class PipeContent : HttpContent
{
    private readonly PipeReader _reader;

    public PipeContent(PipeReader reader)
    {
        _reader = reader;
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The headers, so that the server can answer before the first message.
        await stream.FlushAsync(cancellationToken);
        try
        {
            while (true)
            {
                ReadResult result = await _reader.ReadAsync(cancellationToken);
                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                    await stream.WriteAsync(part, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                _reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
            }
        }
        finally
        {
            await _reader.CompleteAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
