namespace MediaGateway.Testing.Primitives;

/// <summary>Counts what code that is warm allocates on this thread.</summary>
public static class AllocatedBytes
{
    private const int Tries = 3;

    /// <summary>
    /// The least of three times, in bytes. What allocates does so every time; a collection in between, which any thread may cause, adds up to 8 KB to one:
    /// the rest of the thread's allocation context counts as used then.
    /// </summary>
    public static long LeastOf(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        long least = long.MaxValue;
        for (int i = 0; i < Tries && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
