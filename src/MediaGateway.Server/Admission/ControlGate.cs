using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Admission;

/// <summary>
/// Gate that every call of the control API passes, in whatever protocol: who calls, and not too often; and, for a command,
/// whether the gateway is still in service, whether the command was answered before, and a line in the audit log.
/// </summary>
internal sealed class ControlGate(
    TokenValidator tokens, AnsweredRequests answered, AuditLog audit, Readiness readiness, ControlOptions options, TimeProvider clock)
    : IDisposable
{
    private const string Scheme = "Bearer ";
    private const string NodeCommands = "/mediagateway.v1.NodeService/";

    private readonly ConcurrentDictionary<string, TokenBucket> _budgets = new(StringComparer.Ordinal);

    private readonly SourceLimit _sources = new(options.CallsPerSecondPerSource, options.CallBurstPerSource);

    /// <param name="source">The address that the call comes from.</param>
    /// <param name="authorization">The header, or metadata entry, of that name; empty when there is none.</param>
    /// <exception cref="ContractException">There is no valid token.</exception>
    /// <exception cref="ContractException">Its source or its key has called too often.</exception>
    public async Task<Caller> AdmitAsync(IPAddress? source, string authorization)
    {
        if (!_sources.TryTake(RequestSource.Of(source)))
            throw new ContractException(ErrorCode.RateLimited,
                $"More than {options.CallsPerSecondPerSource} calls a second came from your address.");
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || authorization.Length == Scheme.Length)
            throw new ContractException(ErrorCode.TokenMissing, "Send an access token: authorization: Bearer TOKEN.");
        var caller = new Caller(await tokens.VerifyAsync(authorization[Scheme.Length..].Trim()));
        // Keys are the configuration's, so there are few of them.
        TokenBucket budget = _budgets.GetOrAdd(caller.ApiKey, _ => new TokenBucket(options.CallsPerSecond, options.CallBurst, clock));
        lock (budget)
        {
            if (!budget.TryTake())
                throw new ContractException(ErrorCode.RateLimited,
                    $"More than {options.CallsPerSecond} calls a second came with the key {caller.ApiKey}.");
        }
        return caller;
    }

    /// <summary>Carries a command out, unless it was before.</summary>
    /// <param name="caller">Who gives it.</param>
    /// <param name="method">Its path, for example <c>/mediagateway.v1.RoomService/CreateRoom</c>.</param>
    /// <param name="request">What is asked; its request_id, if it has one, makes it repeatable.</param>
    /// <param name="carryOut">Does it.</param>
    public Task<TResponse> CommandAsync<TResponse>(Caller caller, string method, IMessage request, Func<Task<TResponse>> carryOut)
        where TResponse : class
    {
        if (readiness.IsDraining && !method.StartsWith(NodeCommands, StringComparison.Ordinal))
            throw new ContractException(ErrorCode.Draining, "The gateway is stopping; command another one.");
        string requestId = Commands.RequestIdOf(request);
        return answered.AnswerAsync(caller, method, requestId, request, () =>
            audit.RecordAsync(caller, method, requestId, request, carryOut));
    }

    public void Dispose() => _sources.Dispose();
}
