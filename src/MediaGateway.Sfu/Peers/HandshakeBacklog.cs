namespace MediaGateway.Sfu.Peers;

/// <summary>Data that the worker's queue of handshake datagrams keeps inside a peer.</summary>
internal struct HandshakeBacklog
{
    /// <summary>Datagrams that wait.</summary>
    public int Count;

    /// <summary>The places of the oldest and the newest; without meaning when there are none.</summary>
    public int First;
    public int Last;

    /// <summary>The peers served after and before this one; null when nothing waits.</summary>
    public Peer? Next;
    public Peer? Previous;
}
