using MediaGateway.Platform.Tests.Udp;
using MediaGateway.Platform.Udp;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Loopback;

namespace MediaGateway.Platform.Tests.SteadyState;

/// <summary>The whole way of a packet, over real sockets and OpenSSL's keys: what it leaves to the garbage collector.</summary>
public sealed class ForwardingAllocationTests
{
    /// <summary>Packets under way at once: few enough that no socket buffer overflows.</summary>
    private const int Window = 32;

    /// <summary>A table that grows once, for a peer that comes late to its feedback, is no cost of a packet: the best round counts.</summary>
    private const int Rounds = 3;

    /// <summary>
    /// One or two small objects a round are the runtime's: they come on some runs and not on others, whatever is forwarded. The
    /// smallest object a packet would be 480,000 bytes a round.
    /// </summary>
    private const int RuntimesOwn = 256;

    public static TheoryData<DatapathEngine> Engines => RunningWorker.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public void Worker_thread_allocates_nothing_per_forwarded_packet(DatapathEngine engine)
    {
        using var gateway = new LoopbackGateway(engine);
        using var publisher = LoopbackPeer.Publish(gateway, "stream");
        using var viewer = LoopbackPeer.Watch(gateway, "stream");
        LoopbackPeer.Connect(gateway, publisher, viewer);
        long number = 0;
        Forward(4_000);

        long leastAllocated = long.MaxValue;
        for (int round = 0; round < Rounds && leastAllocated > 0; round++)
        {
            long before = gateway.Invoke((_, _) => GC.GetAllocatedBytesForCurrentThread());
            long receivedBefore = viewer.PacketsReceived;
            Forward(20_000);
            long allocated = gateway.Invoke((_, _) => GC.GetAllocatedBytesForCurrentThread()) - before;
            Assert.Equal(20_000, viewer.PacketsReceived - receivedBefore);
            leastAllocated = Math.Min(leastAllocated, allocated);
        }

        Assert.InRange(leastAllocated, 0, RuntimesOwn);
        Assert.Equal(0, gateway.Drops[DropReason.AuthFailed]);
        Assert.Empty(gateway.Faults);

        void Forward(int packets)
        {
            for (int sent = 0; sent < packets; sent += Window)
            {
                for (int i = 0; i < Window; i++)
                    Assert.True(publisher.TryWriteFrame(number++));
                publisher.Flush();
                LoopbackPeer.RunUntil(() => viewer.HighestNumber == number - 1, publisher, viewer);
            }
        }
    }
}
