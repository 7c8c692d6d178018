using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MediaGateway.Grpc.Server;

internal sealed class ServerStreamingHandler<TService, TRequest, TResponse> : CallHandler
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly MessageCodec<TRequest> _requests;
    private readonly MessageCodec<TResponse> _responses;
    private readonly ServerStreamingServerMethod<TRequest, TResponse> _chain;

    public ServerStreamingHandler(Method<TRequest, TResponse> method, Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> invoke, IReadOnlyList<Interceptor> interceptors)
    {
        _requests = new MessageCodec<TRequest>(method.RequestMarshaller);
        _responses = new MessageCodec<TResponse>(method.ResponseMarshaller);
        ServerStreamingServerMethod<TRequest, TResponse> chain = (request, responses, context) =>
            invoke(ServiceActivator<TService>.For(context), request, responses, context);
        foreach (Interceptor interceptor in interceptors.Reverse())
        {
            ServerStreamingServerMethod<TRequest, TResponse> next = chain;
            chain = (request, responses, context) => interceptor.ServerStreamingServerHandler(request, responses, context, next);
        }
        _chain = chain;
    }

    public override MethodType Type => MethodType.ServerStreaming;

    public override async Task RunAsync(HttpServerCall call)
    {
        TRequest request = await call.ReadOnlyAsync(_requests);
        await _chain(request, new HttpStreamWriter<TResponse>(call, _responses), call);
    }
}
