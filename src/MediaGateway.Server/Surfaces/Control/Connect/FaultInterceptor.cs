using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MediaGateway.Server.Surfaces.Control.Connect;

/// <summary>
/// Makes a status of whatever a service throws: a bug is logged and its details stay here; a call that its client or its deadline has ended
/// is
/// no error. It stands outside all other interceptors.
/// </summary>
internal sealed class FaultInterceptor(ILogger<FaultInterceptor> logger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => DoneAsync(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => DoneAsync(continuation(requestStream, responseStream, context)));

    private static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> GuardAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception ended) when (context.CancellationToken.IsCancellationRequested
            && ended is OperationCanceledException or IOException or InvalidOperationException)
        {
            throw new RpcException(context.Deadline <= DateTime.UtcNow
                ? new Status(StatusCode.DeadlineExceeded, "The deadline has passed.")
                : Status.DefaultCancelled);
        }
        catch (Exception fault) when (fault is not (RpcException or OutOfMemoryException))
        {
            // A reset may end a read before the call is marked as cancelled.
            if (fault is IOException or OperationCanceledException)
                throw new RpcException(Status.DefaultCancelled);
            logger.CallFault(context.Method, fault);
            throw new RpcException(new Status(StatusCode.Unknown, "A bug of the gateway was hit; its log has the details."));
        }
    }
}
