namespace Grpc.Core;

/// <summary>Messages of the other side, one after another.</summary>
public interface IAsyncStreamReader<out T>
{
    public T Current { get; }

    /// <summary>False at the end.</summary>
    public Task<bool> MoveNext(CancellationToken cancellationToken);
}
