using Grpc.Core;

namespace MediaGateway.Grpc.Server;

/// <summary>The client's messages.</summary>
internal sealed class HttpStreamReader<T>(HttpServerCall call, MessageCodec<T> codec) : IAsyncStreamReader<T>
    where T : class
{
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("There is no current message.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = await call.ReadAsync(codec).AsTask().WaitAsync(cancellationToken);
        return _current is not null;
    }
}
