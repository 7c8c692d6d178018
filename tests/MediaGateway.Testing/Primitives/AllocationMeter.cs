namespace MediaGateway.Testing.Primitives;

/// <summary>
/// Counts what this thread allocates from a moment on. A collection, which any thread may cause, ends the thread's allocation context, and the
/// unused rest of it counts as allocated; what a collection may so have added does not count here.
/// </summary>
public readonly struct AllocationMeter
{
    /// <summary>Bytes, of an allocation context.</summary>
    private const long ContextLength = 8192;

    private readonly long _bytes;
    private readonly int _collections;

    private AllocationMeter(long bytes, int collections)
    {
        _bytes = bytes;
        _collections = collections;
    }

    /// <summary>What was allocated since the start; 0 when collections alone may explain it.</summary>
    public long Bytes
    {
        get
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread() - _bytes;
            return bytes <= (GC.CollectionCount(0) - _collections) * ContextLength ? 0 : bytes;
        }
    }

    public static AllocationMeter Start()
    {
        int collections = GC.CollectionCount(0);
        return new AllocationMeter(GC.GetAllocatedBytesForCurrentThread(), collections);
    }
}
