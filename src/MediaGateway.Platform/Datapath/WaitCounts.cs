using System.Numerics;

namespace MediaGateway.Platform.Datapath;

/// <summary>
/// A histogram of how long datagrams had waited in the socket when the worker took them. It is counted once a batch, by the age of its
/// first datagram. Written by the worker only; readable from any thread, each count by itself whole but not in step with the others.
/// </summary>
public sealed class WaitCounts
{
    /// <summary>Number of counts: one for each bound, and one for what waited longer than the last.</summary>
    public const int Length = 17;

    /// <summary>Microseconds, as a power of two.</summary>
    private const int FirstBoundShift = 5;

    private readonly long[] _counts = new long[Length];

    /// <summary>Upper bounds in seconds, each twice the one before: 32 microseconds to 1.05 seconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [.. Enumerable.Range(0, Length - 1).Select(index => (32L << index) / 1e6)];

    /// <summary>Batches whose first datagram had waited less than the bound of this index, and not less than the bound before it.</summary>
    public long this[int index] => Volatile.Read(ref _counts[index]);

    internal void Count(TimeSpan wait)
    {
        ulong units = (ulong)Math.Max(wait.Ticks / TimeSpan.TicksPerMicrosecond, 0) >> FirstBoundShift;
        int index = units == 0 ? 0 : Math.Min(BitOperations.Log2(units) + 1, Length - 1);
        _counts[index]++;
    }
}
