namespace MediaGateway.Server.Operations;

/// <summary>Readiness of this node for new sessions, which a load balancer asks for before it sends one.</summary>
internal sealed class Readiness(ILiveStreams streams) : IDisposable
{
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _drained = new();

    public bool IsDraining => _draining.IsCancellationRequested;

    public bool IsReady => !IsDraining && streams.IsAccepting;

    /// <summary>Fires when nobody new is wanted.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Fires when the time to end in peace is over: what is still open is closed.</summary>
    public CancellationToken Drained => _drained.Token;

    public void BeginDrain() => _draining.Cancel();

    public void EndDrain() => _drained.Cancel();

    public void Dispose()
    {
        _draining.Dispose();
        _drained.Dispose();
    }
}
