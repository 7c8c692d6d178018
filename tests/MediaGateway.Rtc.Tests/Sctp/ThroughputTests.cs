using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sctp;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Sctp;

namespace MediaGateway.Rtc.Tests.Sctp;

[Collection(AllocationCollection.Name)]
public sealed class ThroughputTests
{
    private const int MessageLength = 65_536;

    [Fact]
    public void Hundred_megabytes_pass_through_one_channel_in_bounded_memory()
    {
        const long Total = 100_000_000;
        var link = new SctpLink(1, new LinkConditions { Delay = TimeSpan.FromMilliseconds(1) }).Connect();
        DataChannel channel = ReliableChannelTests.Open(link, link.Client, "bulk");
        byte[] message = new byte[MessageLength];
        new Random(1).NextBytes(message);
        long received = 0, held = 0, buffered = 0;
        link.Server.OnReceived = (_, _, data, _) => received += data.SequenceEqual(message) ? data.Length
            : throw new InvalidOperationException("altered");
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        MonotonicTime start = link.Now;
        while (received < Total)
        {
            while (link.Client.Association.Send(channel, DataMessageKind.Binary, message, link.Now) == SendResult.Buffered)
            {
            }
            buffered = Math.Max(buffered, link.Client.Association.BufferedBytes);
            link.Run(TimeSpan.FromMilliseconds(1));
            held = Math.Max(held, link.Server.Association.HeldBytes);
        }

        Assert.InRange(buffered, 1, 2 << 20);
        Assert.InRange(held, 1, 1 << 20);
        Assert.InRange((link.Now - start).TotalSeconds, 0, 2);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 16 << 20);
    }

    [Fact]
    public void Loss_does_not_bring_a_bulk_transfer_to_a_halt()
    {
        var link = new SctpLink(1, new LinkConditions { Delay = TimeSpan.FromMilliseconds(20), Loss = 0.01 }).Connect();
        DataChannel channel = ReliableChannelTests.Open(link, link.Client, "bulk");
        long received = 0;
        link.Server.OnReceived = (_, _, data, _) => received += data.Length;
        for (int i = 0; i < 1000; i++)
        {
            link.Client.Association.Send(channel, DataMessageKind.Binary, new byte[MessageLength], link.Now);
            link.Run(TimeSpan.FromMilliseconds(10));
        }

        // 10 s at 1 % loss and 40 ms: AIMD allows some 12 packets a round trip, 350 kB/s.
        Assert.InRange(received, 1_500_000, long.MaxValue);
    }

    [Fact]
    public void Steady_messages_allocate_nothing()
    {
        var packets = new Queue<(SctpPeer To, int Length)>(64);
        byte[][] buffers = [.. Enumerable.Range(0, 64).Select(_ => new byte[1200])];
        int next = 0;
        SctpPeer? client = null, server = null;
        void Carry(SctpPeer to, ReadOnlySpan<byte> packet)
        {
            packet.CopyTo(buffers[next++ % buffers.Length]);
            packets.Enqueue((to, packet.Length));
        }
        client = new SctpPeer(new SctpOptions { IsDtlsClient = true }, 1, packet => Carry(server!, packet));
        server = new SctpPeer(new SctpOptions { IsDtlsClient = false }, 2, packet => Carry(client, packet));
        long received = 0;
        server.OnReceived = (_, _, data, _) => received += data.Length;
        MonotonicTime now = MonotonicTime.FromMilliseconds(1000);
        int taken = 0;
        void Settle()
        {
            while (packets.TryDequeue(out (SctpPeer To, int Length) packet))
                packet.To.Association.OnPacket(buffers[taken++ % buffers.Length].AsSpan(0, packet.Length), now);
        }
        client.Association.Start(now);
        server.Association.Start(now);
        Settle();
        DataChannel channel = client.Association.TryOpenChannel(new DataChannelParameters { Label = "steady" }, now)!;
        channel.BufferedAmountLowThreshold = -1;
        Settle();
        byte[] small = new byte[200], large = new byte[5000];
        void SendBoth()
        {
            now += TimeSpan.FromMilliseconds(100);
            client.Association.Send(channel, DataMessageKind.Binary, small, now);
            client.Association.Send(channel, DataMessageKind.Binary, large, now);
            Settle();
            if (client.Association.NextDeadline <= now)
                client.Association.OnTimeout(now);
            if (server.Association.NextDeadline <= now)
                server.Association.OnTimeout(now);
            Settle();
        }
        for (int i = 0; i < 200; i++)
            SendBoth();
        received = 0;

        Assert.Equal(0, Rtp.Allocations.Of(SendBoth));
        Assert.Equal(3001 * 5200, received);
    }
}
