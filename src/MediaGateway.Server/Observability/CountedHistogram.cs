using System.Diagnostics.Metrics;

namespace MediaGateway.Server.Observability;

/// <summary>
/// A histogram whose buckets the workers count for themselves. What they have counted since is recorded when somebody collects, each value
/// as one between the bounds of its bucket.
/// </summary>
/// <param name="histogram">The instrument, with these bounds.</param>
/// <param name="bounds">Upper bounds of all buckets but the last.</param>
/// <param name="count">Reads the count of a worker, by its index, of a bucket.</param>
internal sealed class CountedHistogram(Histogram<double> histogram, IReadOnlyList<double> bounds, Func<int, int, long> count)
{
    private readonly Lock _lock = new();

    /// <summary>Counts that have been recorded of each worker.</summary>
    private readonly List<long[]> _recorded = [];

    /// <summary>
    /// Records what is new. To be called for an observable instrument: a collection asks these before it reads histograms.
    /// </summary>
    /// <param name="workers">Number of workers.</param>
    public void Record(int workers)
    {
        if (!histogram.Enabled)
            return;
        lock (_lock)
        {
            for (int worker = 0; worker < workers; worker++)
            {
                if (worker == _recorded.Count)
                    _recorded.Add(new long[bounds.Count + 1]);
                long[] recorded = _recorded[worker];
                for (int bucket = 0; bucket < recorded.Length; bucket++)
                {
                    for (long counted = count(worker, bucket); recorded[bucket] < counted; recorded[bucket]++)
                        histogram.Record(MiddleOf(bucket), new KeyValuePair<string, object?>("worker", worker));
                }
            }
        }
    }

    /// <summary>A value between the bounds of a bucket, which stands for all of them.</summary>
    private double MiddleOf(int bucket) =>
        bucket == 0 ? bounds[0] / 2
        : bucket == bounds.Count ? bounds[^1] * 1.5
        : (bounds[bucket - 1] + bounds[bucket]) / 2;
}
