using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Platform.Tests.Datapath.Udp;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Loopback;

namespace MediaGateway.Platform.Tests.SteadyState;

/// <summary>The whole way of a packet, over real sockets and OpenSSL's keys: what it leaves to the garbage collector.</summary>
public sealed class ForwardingAllocationTests
{
    /// <summary>Packets under way at once: few enough that no socket buffer overflows.</summary>
    private const int Window = 32;

    /// <summary>
    /// A table that grows once, for a peer that comes late to its feedback, is no cost of a packet: the best round counts.
    /// </summary>
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

    [Theory]
    [MemberData(nameof(Engines))]
    public void Threads_of_two_workers_allocate_nothing_per_relayed_packet_and_lose_none(DatapathEngine engine)
    {
        using var gateway = new LoopbackGateway(engine, workers: 2);
        using var publisher = LoopbackPeer.Publish(gateway, "stream");
        using LoopbackPeer home = LoopbackPeer.Watch(gateway, "stream"), away = LoopbackPeer.Watch(gateway, "stream", worker: 1),
            other = LoopbackPeer.Watch(gateway, "stream", worker: 1);
        LoopbackPeer[] viewers = [home, away, other];
        LoopbackPeer.Connect(gateway, [publisher, .. viewers]);
        long number = 0;
        Forward(4_000);

        long[] least = [long.MaxValue, long.MaxValue];
        for (int round = 0; round < Rounds && least.Any(allocated => allocated > 0); round++)
        {
            long[] before = Allocated();
            Forward(20_000);
            long[] after = Allocated();
            for (int worker = 0; worker < least.Length; worker++)
                least[worker] = Math.Min(least[worker], after[worker] - before[worker]);
        }

        Assert.All(least, allocated => Assert.InRange(allocated, 0, RuntimesOwn));
        Assert.Empty(gateway.Faults);
        Assert.Equal(0, gateway.Drops[DropReason.RelayFull]);
        Assert.All([0, 1], worker => Assert.Equal(0, gateway.DropsOf(worker)[DropReason.AuthFailed]));
        Assert.NotEqual(home.Gateway, away.Gateway);
        foreach (LoopbackPeer viewer in viewers)
        {
            Assert.Equal(0, viewer.PacketsWrong);
            Assert.Equal(number - viewer.FirstNumber, viewer.PacketsReceived);
            Assert.InRange(viewer.FirstNumber, 0, 4_000);
        }

        long[] Allocated() =>
            [.. Enumerable.Range(0, 2).Select(worker => gateway.Invoke(worker, (_, _) => GC.GetAllocatedBytesForCurrentThread()))];

        void Forward(int packets)
        {
            for (int sent = 0; sent < packets; sent += Window)
            {
                for (int i = 0; i < Window; i++)
                    Assert.True(publisher.TryWriteFrame(number++));
                publisher.Flush();
                LoopbackPeer.RunUntil(() => viewers.All(viewer => viewer.HighestNumber == number - 1), [publisher, .. viewers]);
            }
        }
    }
}
