using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Leads the calls of our own services through the gate. Health and reflection are open to everybody.</summary>
internal sealed class ControlInterceptor(ControlGate gate) : Interceptor
{
    private const string OwnServices = "/mediagateway.";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        return IsOurs(context) ? MappedAsync(RunAsync) : continuation(request, context);

        async Task<TResponse> RunAsync()
        {
            Caller caller = await AdmitAsync(context);
            return Commands.Contains(context.Method)
                ? await gate.CommandAsync(caller, context.Method, (IMessage)request, () => continuation(request, context))
                : await continuation(request, context);
        }
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        return IsOurs(context) ? MappedAsync(RunAsync) : continuation(request, responseStream, context);

        async Task<bool> RunAsync()
        {
            await AdmitAsync(context);
            await continuation(request, responseStream, context);
            return true;
        }
    }

    private async Task<Caller> AdmitAsync(ServerCallContext context)
    {
        Caller caller = await gate.AdmitAsync(context.GetHttpContext().Connection.RemoteIpAddress,
            context.RequestHeaders.GetValue("authorization") ?? "");
        context.SetCaller(caller);
        return caller;
    }

    private static bool IsOurs(ServerCallContext context) => context.Method.StartsWith(OwnServices, StringComparison.Ordinal);

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
