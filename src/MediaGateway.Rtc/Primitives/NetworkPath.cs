namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// The 5-tuple of a worker's datagram: which of the worker's local sockets (an index into its table of bound
/// addresses) and the remote address. What is sent to a path leaves from that same local socket.
/// </summary>
public readonly struct NetworkPath(byte local, TransportAddress remote) : IEquatable<NetworkPath>
{
    public byte Local { get; } = local;

    public TransportAddress Remote { get; } = remote;

    public bool IsNone => Remote.IsNone;

    public bool Equals(NetworkPath other) => Remote.Equals(other.Remote) && Local == other.Local;

    public override bool Equals(object? obj) => obj is NetworkPath other && Equals(other);

    public override int GetHashCode() => Remote.GetHashCode() ^ (Local << 24);

    public static bool operator ==(NetworkPath left, NetworkPath right) => left.Equals(right);

    public static bool operator !=(NetworkPath left, NetworkPath right) => !left.Equals(right);

    public override string ToString() => $"#{Local} {Remote}";
}
