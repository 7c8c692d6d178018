using HdrHistogram;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>One-way times, microseconds; from 1 us to 100 s with three digits.</summary>
internal sealed class Latency
{
    private const long Longest = 100_000_000;
    private const int Digits = 3;

    private readonly LongHistogram _histogram = new(1, Longest, Digits);

    public long Count => _histogram.TotalCount;

    public void Add(long ticks) => _histogram.RecordValue(Math.Clamp(ticks / TimeSpan.TicksPerMicrosecond, 1, Longest));

    public void AddAll(Latency other) => _histogram.Add(other._histogram);

    public void Clear() => _histogram.Reset();

    /// <summary>Microseconds; 0 when nothing was recorded.</summary>
    public double Percentile(double percent) => Count == 0 ? 0 : _histogram.GetValueAtPercentile(percent);
}
