using MediaGateway.Server.LiveStreams;

namespace MediaGateway.Server.Hosting;

/// <summary>Whether this node wants new sessions: what a load balancer asks before it sends one.</summary>
internal sealed class Readiness(ILiveStreams streams) : IDisposable
{
    private readonly CancellationTokenSource _drained = new();
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public bool IsReady => !_isDraining && streams.IsAccepting;

    /// <summary>Fires when the time to end in peace is over: what is still open is closed.</summary>
    public CancellationToken Drained => _drained.Token;

    public void BeginDrain() => _isDraining = true;

    public void EndDrain() => _drained.Cancel();

    public void Dispose() => _drained.Dispose();
}
