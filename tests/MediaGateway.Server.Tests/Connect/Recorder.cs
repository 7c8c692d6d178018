using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MediaGateway.Server.Tests.Connect;

/// <summary>Notes every call that passes, and how it ended.</summary>
public sealed class Recorder : Interceptor
{
    public ConcurrentQueue<string> Seen { get; } = new();

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Seen.Enqueue(context.Method);
        return await continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Seen.Enqueue(context.Method);
        return continuation(request, responseStream, context);
    }
}
