using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>Whoever receives what a <see cref="Downlink"/> sends: a remote peer.</summary>
internal interface IReceiver
{
    public PeerId Id { get; }

    /// <summary>Knowledge of the line to it; null when there is none.</summary>
    public CongestionController? Congestion => null;

    /// <summary>Knowledge of the line to it.</summary>
    public LineState Line => default;

    /// <summary>Tells the line's keeper what it is asked to carry, so that it knows what to look for.</summary>
    public void SetDemand(in LineDemand demand, MonotonicTime now)
    {
    }

    /// <summary>A bug of ours was hit while the receiver's share was computed. It must not cost the others theirs.</summary>
    public void OnFault(Exception fault, MonotonicTime now);
}
