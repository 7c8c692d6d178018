namespace Grpc.Core;

public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Nothing more is sent.</summary>
    public Task CompleteAsync();
}
