using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Hosting;
using MediaGateway.Server.LiveStreams;
using MediaGateway.Server.Options;
using MediaGateway.Server.Signaling;

namespace MediaGateway.Server.Control;

/// <summary>
/// What every call of the control API goes through: who is it, may it call so often, has it been answered before; and, for a
/// command, a line in the audit log. Health and reflection are open to everybody.
/// </summary>
internal sealed class ControlInterceptor(
    TokenValidator tokens, AnsweredRequests answered, AuditLog audit, Readiness readiness, ControlOptions options, TimeProvider clock) : Interceptor
{
    private const string Scheme = "Bearer ";
    private const string OwnServices = "/mediagateway.";
    private const string NodeCommands = "/mediagateway.v1.NodeService/";

    private readonly ConcurrentDictionary<string, TokenBucket> _budgets = new(StringComparer.Ordinal);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (!IsOurs(context))
            return await continuation(request, context);
        return await MappedAsync(async () =>
        {
            await AuthenticateAsync(context);
            return Commands.Contains(context.Method)
                ? await CommandAsync(request, context, continuation)
                : await continuation(request, context);
        });
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        return IsOurs(context) ? MappedAsync(RunAsync) : continuation(request, responseStream, context);

        async Task<bool> RunAsync()
        {
            await AuthenticateAsync(context);
            await continuation(request, responseStream, context);
            return true;
        }
    }

    private async Task<TResponse> CommandAsync<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        var caller = Caller.Of(context);
        if (readiness.IsDraining && !context.Method.StartsWith(NodeCommands, StringComparison.Ordinal))
            throw new ControlException(ControlError.Unavailable, "The gateway is stopping; command another one.");
        var message = (IMessage)request;
        string requestId = Commands.RequestIdOf(message);
        return await answered.AnswerAsync(caller, context.Method, requestId, message, () => audit.RecordAsync(caller, context.Method, requestId, message, async () =>
            await continuation(request, context)));
    }

    private async Task AuthenticateAsync(ServerCallContext context)
    {
        string header = context.RequestHeaders.GetValue("authorization") ?? "";
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length == Scheme.Length)
            throw new ContractException(ErrorCode.TokenMissing, "Send an access token: authorization: Bearer TOKEN.");
        var caller = new Caller(await tokens.VerifyAsync(header[Scheme.Length..].Trim()));
        // Keys are the configuration's, so there are few of them.
        TokenBucket budget = _budgets.GetOrAdd(caller.ApiKey, _ => new TokenBucket(options.CallsPerSecond, options.CallBurst, clock));
        lock (budget)
        {
            if (!budget.TryTake())
                throw new ControlException(ControlError.ResourceExhausted, $"More than {options.CallsPerSecond} calls a second came with the key {caller.ApiKey}.");
        }
        caller.Attach(context);
    }

    private static bool IsOurs(ServerCallContext context) => context.Method.StartsWith(OwnServices, StringComparison.Ordinal);

    private static async Task<T> MappedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ControlException refusal)
        {
            throw new RpcException(GrpcErrors.Of(refusal));
        }
        catch (ContractException refusal)
        {
            throw new RpcException(GrpcErrors.Of(refusal));
        }
    }
}
