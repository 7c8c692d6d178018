namespace MediaGateway.Attack.Running;

/// <summary>Limits of the machine that a gateway has while it is attacked.</summary>
/// <param name="Files">Its file descriptors, by RLIMIT_NOFILE; 0 for the machine's own limit.</param>
/// <param name="HeapBytes">Its managed heap, by DOTNET_GCHeapHardLimit; 0 for no limit.</param>
internal sealed record Confines(int Files, long HeapBytes)
{
    public static readonly Confines None = new(0, 0);
}
