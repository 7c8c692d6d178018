namespace MediaGateway.LatencyBench;

/// <summary>Measured times, exact.</summary>
internal sealed class LatencySamples
{
    private readonly List<TimeSpan> _latencies = [];

    public int Count => _latencies.Count;

    public void Add(TimeSpan latency) => _latencies.Add(latency);

    /// <param name="fraction">0.5 for the median.</param>
    public TimeSpan Percentile(double fraction)
    {
        _latencies.Sort();
        return _latencies.Count == 0 ? TimeSpan.Zero : _latencies[(int)(fraction * (_latencies.Count - 1))];
    }
}
