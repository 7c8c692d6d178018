using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.MicroBench;

/// <summary>A report of transport-wide feedback of 20 packets, from the results of the packets to the estimate.</summary>
public class EstimatorBenchmarks
{
    private const int Packets = 20;

    private readonly BandwidthEstimator _estimator = new(EstimatorOptions.Default);
    private readonly PacketResult[] _results = new PacketResult[Packets];
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);

    [Benchmark]
    public int Feedback()
    {
        for (int packet = 0; packet < Packets; packet++, _now += TimeSpan.FromMilliseconds(3))
            _results[packet] = new PacketResult(_now, new TimeSpan(_now.Ticks + (packet & 3) * 2500), true, 1100, 0);
        _estimator.OnFeedback(_results, _now);
        return 1;
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public int Sent()
    {
        for (int packet = 0; packet < Packets; packet++, _now += TimeSpan.FromMilliseconds(3))
            _estimator.OnSent(1100, _now);
        return Packets;
    }
}
