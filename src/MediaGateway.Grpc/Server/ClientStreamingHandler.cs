using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MediaGateway.Grpc.Server;

internal sealed class ClientStreamingHandler<TService, TRequest, TResponse> : CallHandler
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly MessageCodec<TRequest> _requests;
    private readonly MessageCodec<TResponse> _responses;
    private readonly ClientStreamingServerMethod<TRequest, TResponse> _chain;

    public ClientStreamingHandler(Method<TRequest, TResponse> method, Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>> invoke, IReadOnlyList<Interceptor> interceptors)
    {
        _requests = new MessageCodec<TRequest>(method.RequestMarshaller);
        _responses = new MessageCodec<TResponse>(method.ResponseMarshaller);
        ClientStreamingServerMethod<TRequest, TResponse> chain = (requests, context) =>
            invoke(ServiceActivator<TService>.For(context), requests, context);
        foreach (Interceptor interceptor in interceptors.Reverse())
        {
            ClientStreamingServerMethod<TRequest, TResponse> next = chain;
            chain = (requests, context) => interceptor.ClientStreamingServerHandler(requests, context, next);
        }
        _chain = chain;
    }

    public override MethodType Type => MethodType.ClientStreaming;

    public override async Task RunAsync(HttpServerCall call)
    {
        TResponse response = await _chain(new HttpStreamReader<TRequest>(call, _requests), call);
        await call.WriteAsync(_responses, response);
    }
}
