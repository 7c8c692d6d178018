using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MediaGateway.Grpc.Server;

internal sealed class UnaryHandler<TService, TRequest, TResponse> : CallHandler
    where TService : class
    where TRequest : class
    where TResponse : class
{
    private readonly MessageCodec<TRequest> _requests;
    private readonly MessageCodec<TResponse> _responses;
    private readonly UnaryServerMethod<TRequest, TResponse> _chain;

    public UnaryHandler(Method<TRequest, TResponse> method, Func<TService, TRequest, ServerCallContext, Task<TResponse>> invoke, IReadOnlyList<Interceptor> interceptors)
    {
        _requests = new MessageCodec<TRequest>(method.RequestMarshaller);
        _responses = new MessageCodec<TResponse>(method.ResponseMarshaller);
        UnaryServerMethod<TRequest, TResponse> chain = (request, context) =>
            invoke(ServiceActivator<TService>.For(context), request, context);
        foreach (Interceptor interceptor in interceptors.Reverse())
        {
            UnaryServerMethod<TRequest, TResponse> next = chain;
            chain = (request, context) => interceptor.UnaryServerHandler(request, context, next);
        }
        _chain = chain;
    }

    public override MethodType Type => MethodType.Unary;

    public override async Task RunAsync(HttpServerCall call)
    {
        TRequest request = await call.ReadOnlyAsync(_requests);
        TResponse response = await _chain(request, call);
        await call.WriteAsync(_responses, response);
    }
}
