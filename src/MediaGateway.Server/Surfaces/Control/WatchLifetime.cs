using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Lifetime of a stream of answers: it ends with the call, the caller's token or the gateway.</summary>
internal sealed class WatchLifetime : IDisposable
{
    /// <summary>Time that a message which is being written at the end has; a reader that is slower is not told why it ended.</summary>
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(1);

    private readonly CancellationToken _call;
    private readonly CancellationTokenSource _expiry;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenSource _abandoned;
    private readonly CancellationTokenRegistration _end;

    public WatchLifetime(Caller caller, Readiness readiness, TimeProvider clock, CancellationToken call)
    {
        _call = call;
        TimeSpan left = caller.ExpiresAt - clock.GetUtcNow();
        _expiry = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(call, _expiry.Token, readiness.Drained);
        _abandoned = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _end = _ended.Token.UnsafeRegister(
            static abandoned => ((CancellationTokenSource)abandoned!).CancelAfter(LastWrite), _abandoned);
    }

    /// <summary>Fires at the end, whatever it is.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <exception cref="ContractException">Why it ended, when the caller did not end it.</exception>
    public async Task RunAsync(Func<Task> watch)
    {
        try
        {
            await watch();
        }
        catch (OperationCanceledException) when (!_call.IsCancellationRequested)
        {
            throw _expiry.IsCancellationRequested
                ? new ContractException(ErrorCode.TokenExpired, "The token has expired; watch again with a new one.")
                : new ContractException(ErrorCode.Draining, "The gateway is stopping.");
        }
    }

    /// <summary>
    /// Writes a message whole, unless the watch has ended. To cancel a write is to abort the call, and its caller would see a broken stream
    /// instead of the reason.
    /// </summary>
    /// <exception cref="OperationCanceledException">The watch has ended.</exception>
    public Task WriteAsync<T>(IServerStreamWriter<T> stream, T message)
    {
        _ended.Token.ThrowIfCancellationRequested();
        return stream.WriteAsync(message, _abandoned.Token);
    }

    public void Dispose()
    {
        _end.Dispose();
        _abandoned.Dispose();
        _ended.Dispose();
        _expiry.Dispose();
    }
}
