namespace MediaGateway.Testing.Primitives;

/// <summary>Counts what code that is warm allocates on this thread.</summary>
public static class AllocatedBytes
{
    private const int Tries = 3;

    /// <summary>
    /// The least of three times, in bytes. What allocates does so every time. On busy machines a single time has shown some KB now and then
    /// where
    /// all others showed none; what they were has not been found, but neither collections nor code that is not optimized yet.
    /// </summary>
    /// <param name="action">Does as much again each time.</param>
    public static long LeastOf(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return LeastOf(_ => action());
    }

    /// <inheritdoc cref="LeastOf(Action)"/>
    /// <param name="action">Is given which time it is, from 0 to 2.</param>
    public static long LeastOf(Action<int> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        long least = long.MaxValue;
        for (int i = 0; i < Tries; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action(i);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
