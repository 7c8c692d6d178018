using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>Tests that the packet path allocates nothing.</summary>
[Collection(AllocationCollection.Name)]
public sealed class SteadyStateTests
{
    private const int Viewers = 5;

    /// <summary>An estimate of 0.5 Mb/s is half of what the publisher sends, so that most packets wait.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Forwarding_a_packet_allocates_nothing(int count, bool isPaced)
    {
        using var scenario = new LiveStreamScenario(seed: 1, workers: count, estimatesBandwidth: !isPaced);
        scenario.Publish();
        SimulatedHost publisherHost = scenario.LastHost!;
        for (int i = 0; i < Viewers; i++)
        {
            scenario.Watch();
            Viewer viewer = scenario.Gateway.Workers.Select(worker => worker.Peers.Find(scenario.LastId)).OfType<Viewer>().Single();
            if (isPaced)
                viewer.Downlink.SetEstimate(new Bitrate(500_000), scenario.Network.Now);
        }
        scenario.Run(3);
        byte[][] all = [.. Record(scenario, publisherHost, seconds: 12)];
        long sent = 0;
        foreach (SimulatedHost host in scenario.Gateway.Hosts)
        {
            host.Intercept = (_, _) => sent++;
            // What wakes it is an object of the simulation; this test runs the workers itself.
            host.IsStalled = true;
        }
        var path = new NetworkPath(new EndpointId(0), publisherHost.Address);
        MediaWorker[] workers = [.. scenario.Gateway.Workers];
        MonotonicTime now = scenario.Network.Now;

        // The first half grows what grows once: history pages, dictionaries, tiered code.
        Feed(all.AsSpan(0, all.Length / 2), workers, path, ref now);
        long sentBefore = sent;
        int third = all.Length / 6;
        long allocated = AllocatedBytes.LeastOf(time => Feed(all.AsSpan((all.Length / 2) + (time * third), third), workers, path, ref now));

        Assert.True(sent - sentBefore > 1000 * Viewers, $"Only {sent - sentBefore} datagrams were sent.");
        Assert.Equal(0, allocated);
    }

    private static List<byte[]> Record(LiveStreamScenario scenario, SimulatedHost publisher, double seconds)
    {
        var datagrams = new List<byte[]>();
        publisher.Intercept = (slot, length) => datagrams.Add(slot[..length]);
        scenario.Run(seconds);
        publisher.Intercept = null;
        return datagrams;
    }

    private static void Feed(ReadOnlySpan<byte[]> datagrams, MediaWorker[] workers, NetworkPath path, ref MonotonicTime now)
    {
        foreach (byte[] datagram in datagrams)
        {
            now += TimeSpan.FromMilliseconds(4);
            workers[0].OnDatagram(datagram, path, now);
            foreach (MediaWorker worker in workers)
                worker.OnTick(now);
        }
    }
}
