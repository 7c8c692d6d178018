namespace MediaGateway.Attack.Running;

/// <summary>Limits of the machine that a gateway has while it is attacked, and how its listeners are reached.</summary>
/// <param name="Files">Its file descriptors, by RLIMIT_NOFILE; 0 for the machine's own limit.</param>
/// <param name="HeapBytes">Its managed heap, by DOTNET_GCHeapHardLimit; 0 for no limit.</param>
/// <param name="HasTls">Whether its listeners speak TLS.</param>
internal sealed record Confines(int Files, long HeapBytes, bool HasTls = false)
{
    public static readonly Confines None = new(0, 0);
    public static readonly Confines Tls = new(0, 0, HasTls: true);
}
