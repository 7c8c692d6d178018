namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// The two ends of a worker's datagram: the local endpoint that it comes to or leaves from, and the remote address. What is sent along
/// a path leaves from its local endpoint.
/// </summary>
public readonly struct NetworkPath(EndpointId local, TransportAddress remote) : IEquatable<NetworkPath>
{
    /// <summary>Spreads neighbouring endpoints over the bits of a hash; 2^32 divided by the golden ratio.</summary>
    private const int Spread = unchecked((int)0x9E37_79B1);

    public EndpointId Local { get; } = local;

    public TransportAddress Remote { get; } = remote;

    public bool IsNone => Remote.IsNone;

    public bool Equals(NetworkPath other) => Remote.Equals(other.Remote) && Local.Value == other.Local.Value;

    public override bool Equals(object? obj) => obj is NetworkPath other && Equals(other);

    public override int GetHashCode() => Remote.GetHashCode() ^ unchecked(Local.Value * Spread);

    public static bool operator ==(NetworkPath left, NetworkPath right) => left.Equals(right);

    public static bool operator !=(NetworkPath left, NetworkPath right) => !left.Equals(right);

    public override string ToString() => $"{Local} {Remote}";
}
