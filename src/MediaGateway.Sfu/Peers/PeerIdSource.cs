using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Peers;

/// <summary>Numbers a node's peers, over all its workers. Thread-safe.</summary>
public sealed class PeerIdSource
{
    private long _last;

    public PeerId Next() => new(Interlocked.Increment(ref _last));
}
