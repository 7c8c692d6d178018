using MediaGateway.Server.LiveStreams;

namespace MediaGateway.Server.Hosting;

/// <summary>Whether this node wants new sessions: what a load balancer asks before it sends one.</summary>
internal sealed class Readiness(ILiveStreams streams)
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public bool IsReady => !_isDraining && streams.IsAccepting;

    public void BeginDrain() => _isDraining = true;
}
