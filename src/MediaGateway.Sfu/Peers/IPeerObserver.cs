using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Peers;

/// <summary>The worker's tables, told when a peer's transport connected or closed.</summary>
internal interface IPeerObserver
{
    public void OnPeerStateChanged(Peer peer, MonotonicTime now);

    /// <summary>A bug was hit while the peer was handled: it is to be discarded.</summary>
    public void OnPeerFault(Peer peer, Exception fault, MonotonicTime now);
}
