using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Node;

/// <summary>
/// Placement of a stream's next viewer, and the count of its viewers: on the stream's own worker up to a limit, then on
/// others. Control plane only: a lock is fine here.
/// </summary>
/// <param name="workers">How many workers there are.</param>
/// <param name="viewersPerWorker">Of one stream, before it spreads.</param>
/// <param name="maxViewersPerStream">On all workers together.</param>
internal sealed class ViewerPlacement(int workers, int viewersPerWorker, int maxViewersPerStream)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int[]> _streams = new(StringComparer.Ordinal);
    private readonly int[] _totals = new int[workers];

    /// <summary>
    /// Takes a place, to be given back with <see cref="Release(string, int)"/>. Null when the stream has as many viewers as it may have.
    /// </summary>
    /// <param name="stream">Which stream.</param>
    /// <param name="home">The worker that it lives on.</param>
    /// <param name="mayMove">Whether the viewer may be on another one.</param>
    public int? TryPlace(string stream, int home, bool mayMove)
    {
        lock (_lock)
        {
            int[] viewers = _streams.GetValueOrDefault(stream) ?? new int[workers];
            if (viewers.Sum() >= maxViewersPerStream)
                return null;
            int worker = !mayMove || workers == 1 || viewers[home] < viewersPerWorker ? home : Choose(viewers);
            viewers[worker]++;
            _totals[worker]++;
            _streams[stream] = viewers;
            return worker;
        }
    }

    public void Release(string stream, int worker)
    {
        lock (_lock)
        {
            int[] viewers = _streams[stream];
            viewers[worker]--;
            _totals[worker]--;
            if (viewers.Sum() == 0)
                _streams.Remove(stream);
        }
    }

    /// <summary>Gives back the place of a session that has ended; a publisher's session has none.</summary>
    public void Release(MediaSession session)
    {
        if (session.Info.Kind == SessionKind.Whep)
            Release(session.Info.Stream.Value, session.Worker.Index);
    }

    /// <summary>
    /// Each worker that carries the stream costs it a copy of its packets: one that does and has room goes before one that
    /// does not, and among equals the one with the fewest viewers of anything.
    /// </summary>
    private int Choose(int[] viewers) => Enumerable.Range(0, workers)
        .OrderBy(worker => viewers[worker] >= viewersPerWorker ? 2 : viewers[worker] > 0 ? 0 : 1)
        .ThenBy(worker => _totals[worker])
        .First();
}
