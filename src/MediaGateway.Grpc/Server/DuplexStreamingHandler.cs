using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MediaGateway.Grpc.Server;

internal sealed class DuplexStreamingHandler<TService, TRequest, TResponse> : CallHandler
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly MessageCodec<TRequest> _requests;
    private readonly MessageCodec<TResponse> _responses;
    private readonly DuplexStreamingServerMethod<TRequest, TResponse> _chain;

    public DuplexStreamingHandler(Method<TRequest, TResponse> method, Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> invoke, IReadOnlyList<Interceptor> interceptors)
    {
        _requests = new MessageCodec<TRequest>(method.RequestMarshaller);
        _responses = new MessageCodec<TResponse>(method.ResponseMarshaller);
        DuplexStreamingServerMethod<TRequest, TResponse> chain = (requests, responses, context) =>
            invoke(ServiceActivator<TService>.For(context), requests, responses, context);
        foreach (Interceptor interceptor in interceptors.Reverse())
        {
            DuplexStreamingServerMethod<TRequest, TResponse> next = chain;
            chain = (requests, responses, context) => interceptor.DuplexStreamingServerHandler(requests, responses, context, next);
        }
        _chain = chain;
    }

    public override MethodType Type => MethodType.DuplexStreaming;

    public override async Task RunAsync(HttpServerCall call)
    {
        await _chain(new HttpStreamReader<TRequest>(call, _requests), new HttpStreamWriter<TResponse>(call, _responses), call);
    }
}
