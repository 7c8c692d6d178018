using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using Microsoft.AspNetCore.Authorization;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>
/// Leads calls through the gate, with what the metadata of their endpoint says that they need. Endpoints that say nothing are refused,
/// unless they are open to everybody (<see cref="IAllowAnonymous"/>): health and reflection.
/// </summary>
internal sealed class ControlInterceptor(ControlGate gate) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        return IsOpen(context) ? continuation(request, context) : MappedAsync(RunAsync);

        async Task<TResponse> RunAsync()
        {
            MethodAccess method = RequireAccess(context);
            Caller caller = await AdmitAsync(context);
            return await gate.AnswerAsync(caller, method, (IMessage)request, () => continuation(request, context));
        }
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        return IsOpen(context) ? continuation(request, responseStream, context) : MappedAsync(RunAsync);

        async Task<TRequest> RunAsync()
        {
            MethodAccess method = RequireAccess(context);
            Caller caller = await AdmitAsync(context);
            return await gate.AnswerAsync(caller, method, (IMessage)request, async () =>
            {
                await continuation(request, responseStream, context);
                return request;
            });
        }
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        IsOpen(context) ? continuation(requestStream, context) : throw NoAccess(context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        IsOpen(context) ? continuation(requestStream, responseStream, context) : throw NoAccess(context);

    private async Task<Caller> AdmitAsync(ServerCallContext context)
    {
        Caller caller = await gate.AdmitAsync(context.GetHttpContext().Connection.RemoteIpAddress,
            context.RequestHeaders.GetValue("authorization") ?? "");
        context.SetCaller(caller);
        return caller;
    }

    private static bool IsOpen(ServerCallContext context) => MetadataOf<IAllowAnonymous>(context) is not null;

    private static MethodAccess RequireAccess(ServerCallContext context) => MetadataOf<MethodAccess>(context) ?? throw NoAccess(context);

    private static RpcException NoAccess(ServerCallContext context) => GrpcErrors.Of(
        new ContractException(ErrorCode.NotGranted, $"{context.Method} does not say what its callers need, so nobody may call it."));

    private static T? MetadataOf<T>(ServerCallContext context)
        where T : class => context.GetHttpContext().GetEndpoint()?.Metadata.GetMetadata<T>();

    private static async Task<T> MappedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ContractException refusal)
        {
            throw GrpcErrors.Of(refusal);
        }
    }
}
