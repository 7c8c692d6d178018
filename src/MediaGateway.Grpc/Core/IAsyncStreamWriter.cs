namespace Grpc.Core;

/// <summary>Takes messages for the other side, one at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WriteAsync(message);
    }
}
