using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Bandwidth;

[Collection(AllocationCollection.Name)]
public sealed class EstimatorAllocationTests
{
    [Fact]
    public void Feedback_and_probes_allocate_nothing()
    {
        var estimator = new BandwidthEstimator(EstimatorOptions.Default);
        var probes = new ProbeController(estimator);
        var results = new PacketResult[20];
        MonotonicTime now = MonotonicTime.FromMilliseconds(1000);
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
            for (int packet = 0; packet < results.Length; packet++, now += TimeSpan.FromMilliseconds(3))
            {
                estimator.OnSent(1000, now);
                probes.OnSent(1000, now);
                bool isLost = (i * packet) % 23 == 5;
                results[packet] = new PacketResult(now, new TimeSpan(now.Ticks + i * 1000), !isLost, 1000, probes.Cluster);
            }
            probes.SetDemand(new Bitrate(2_600_000), new Bitrate(4_000_000), new Bitrate(4_000_000), now);
            probes.FillerDue(now);
            estimator.OnFeedback(results, now);
            probes.OnFeedback(results, now);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
