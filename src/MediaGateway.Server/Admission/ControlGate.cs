using System.Net;
using Google.Protobuf;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Admission;

/// <summary>
/// Gate that every call of the control API passes, in whatever protocol: who calls, not too often, and with the rights that the method
/// needs; and, for a command, whether the gateway is still in service, whether the command was answered before, and a line in the audit
/// log.
/// </summary>
internal sealed class ControlGate(
    TokenValidator tokens, AnsweredRequests answered, AuditLog audit, Readiness readiness, ControlOptions options, TimeProvider clock)
{
    private readonly CallLimit<IPAddress> _sources = new(options.CallsPerSecondPerSource, options.CallBurstPerSource, clock);

    private readonly CallLimit<string> _keys = new(options.CallsPerSecond, options.CallBurst, clock);

    /// <param name="source">The address that the call comes from.</param>
    /// <param name="authorization">The header, or metadata entry, of that name; empty when there is none.</param>
    /// <exception cref="ContractException">There is no valid token.</exception>
    /// <exception cref="ContractException">Its source or its key has called too often.</exception>
    public async Task<Caller> AdmitAsync(IPAddress? source, string authorization)
    {
        if (!_sources.TryTake(RequestSource.Of(source)))
            throw new ContractException(ErrorCode.RateLimited,
                $"More than {options.CallsPerSecondPerSource} calls a second came from your address.");
        if (!BearerToken.TryRead(authorization, out string? token))
            throw new ContractException(ErrorCode.TokenMissing, "Send an access token: authorization: Bearer TOKEN.");
        var caller = new Caller(await tokens.VerifyAsync(token));
        if (!_keys.TryTake(caller.ApiKey))
            throw new ContractException(ErrorCode.RateLimited,
                $"More than {options.CallsPerSecond} calls a second came with the key {caller.ApiKey}.");
        return caller;
    }

    /// <summary>Lets the method answer a caller that may call it; a command that was answered before is not carried out again.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="method">What the method needs.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="answer">Runs the method.</param>
    /// <exception cref="ContractException">
    /// <see cref="ErrorCode.NotGranted"/>, or for a command <see cref="ErrorCode.Draining"/>.
    /// </exception>
    public async Task<TResponse> AnswerAsync<TResponse>(Caller caller, MethodAccess method, IMessage request, Func<Task<TResponse>> answer)
        where TResponse : class
    {
        if (!method.IsCommand)
            return await AnswerGrantedAsync();
        if (readiness.IsDraining && !method.IsOpenWhileDraining)
            throw new ContractException(ErrorCode.Draining, "The gateway is stopping; command another one.");
        string requestId = method.RequestIdOf(request);
        return await answered.AnswerAsync(caller, method.Path, requestId, request, () =>
            audit.RecordAsync(caller, method.Path, requestId, request, AnswerGrantedAsync));

        Task<TResponse> AnswerGrantedAsync()
        {
            method.Require(caller, request);
            return answer();
        }
    }
}
