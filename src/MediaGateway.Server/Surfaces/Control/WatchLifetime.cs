using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Lifetime of a stream of answers: it ends with the call, the caller's token or the gateway.</summary>
internal sealed class WatchLifetime : IDisposable
{
    private readonly CancellationToken _call;
    private readonly CancellationTokenSource _expiry;
    private readonly CancellationTokenSource _ended;

    public WatchLifetime(Caller caller, Readiness readiness, TimeProvider clock, CancellationToken call)
    {
        _call = call;
        TimeSpan left = caller.ExpiresAt - clock.GetUtcNow();
        _expiry = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(call, _expiry.Token, readiness.Drained);
    }

    /// <exception cref="ContractException">Why it ended, when the caller did not end it.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> watch)
    {
        try
        {
            await watch(_ended.Token);
        }
        catch (OperationCanceledException) when (!_call.IsCancellationRequested)
        {
            throw _expiry.IsCancellationRequested
                ? new ContractException(ErrorCode.TokenExpired, "The token has expired; watch again with a new one.")
                : new ContractException(ErrorCode.Draining, "The gateway is stopping.");
        }
    }

    public void Dispose()
    {
        _ended.Dispose();
        _expiry.Dispose();
    }
}
