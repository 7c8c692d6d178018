using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Network;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>What the packet path costs the garbage collector: nothing.</summary>
[Collection(AllocationCollection.Name)]
public sealed class SteadyStateTests
{
    private const int Viewers = 5;

    [Fact]
    public void Forwarding_a_packet_allocates_nothing()
    {
        using var scenario = new LiveStreamScenario(seed: 1);
        scenario.Publish();
        SimulatedHost publisherHost = scenario.LastHost!;
        for (int i = 0; i < Viewers; i++)
            scenario.Watch();
        scenario.Run(3);
        ReadOnlySpan<byte[]> all = Record(scenario, publisherHost, seconds: 12).ToArray();
        SimulatedHost gateway = scenario.Gateway.Host;
        long sent = 0;
        gateway.Intercept = (_, _) => sent++;
        var path = new NetworkPath(0, publisherHost.Address);
        MonotonicTime now = scenario.Network.Now;

        // The first half grows what grows once: history pages, dictionaries, tiered code.
        Feed(all[..(all.Length / 2)], scenario, path, ref now);
        long sentBefore = sent;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Feed(all[(all.Length / 2)..], scenario, path, ref now);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

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

    private static void Feed(ReadOnlySpan<byte[]> datagrams, LiveStreamScenario scenario, NetworkPath path, ref MonotonicTime now)
    {
        foreach (byte[] datagram in datagrams)
        {
            now += TimeSpan.FromMilliseconds(4);
            scenario.Gateway.Worker.OnDatagram(datagram, path, now);
            scenario.Gateway.Worker.OnTick(now);
        }
    }
}
