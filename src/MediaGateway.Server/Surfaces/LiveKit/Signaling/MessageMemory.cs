namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Bytes that clients' unfinished messages may hold, all connections together: however many there are, what they have begun and not ended
/// leaves memory for the calls. Any thread may use it.
/// </summary>
/// <param name="limit">The most, bytes.</param>
internal sealed class MessageMemory(long limit)
{
    /// <summary>Part of the memory that the process may use.</summary>
    private const int Share = 8;

    private const long Most = 256L << 20;

    private long _taken;

    /// <summary>The bound that the machine, the container or the runtime's settings suggest.</summary>
    public static MessageMemory OfMachine() => new(Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Share, Most));

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= limit)
            return true;
        Return(bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _taken, -bytes);
}
