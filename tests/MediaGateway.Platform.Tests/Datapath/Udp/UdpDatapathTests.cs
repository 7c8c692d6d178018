using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MediaGateway.Platform.Datapath;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

public sealed class UdpDatapathTests
{
    private readonly byte[] _buffer = new byte[4096];

    public static TheoryData<DatapathEngine> Engines => RunningWorker.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagram_echoed_arrives_unchanged_over_IPv4(DatapathEngine engine) => EchoOne(engine, "127.0.0.1");

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagram_echoed_arrives_unchanged_over_IPv6(DatapathEngine engine) => EchoOne(engine, "::1");

    [Theory]
    [MemberData(nameof(Engines))]
    public void Answer_leaves_from_the_address_that_was_asked(DatapathEngine engine)
    {
        using RunningWorker worker = new RunningWorker(
            engine, datapath => new EchoHandler(datapath), ["127.0.0.1", "127.0.0.2", "::1"]).Start();
        Assert.Single(worker.Datapath.LocalAddresses.Select(address => address.Port).Distinct());

        Socket[] clients = [worker.Connect(0), worker.Connect(1), worker.Connect(2)];
        foreach (Socket client in clients)
            client.Send([(byte)Array.IndexOf(clients, client)]);
        foreach (Socket client in clients)
        {
            Assert.Equal(1, client.Receive(_buffer));
            Assert.Equal(Array.IndexOf(clients, client), _buffer[0]);
            client.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Path_of_a_datagram_names_the_local_socket_and_the_remote_address(DatapathEngine engine)
    {
        using BlockingCollection<NetworkPath> paths = [];
        using RunningWorker worker = new RunningWorker(
            engine,
            _ => new DelegateHandler { Datagram = (_, path) => paths.Add(path) },
            ["127.0.0.1", "127.0.0.2"]).Start();
        using Socket client = worker.Connect(1);
        IPEndPoint local = (IPEndPoint)client.LocalEndPoint!;

        client.Send([1]);

        Assert.True(paths.TryTake(out NetworkPath path, RunningWorker.Limit));
        Assert.Equal(new NetworkPath(new EndpointId(1), TransportAddress.From(local.Address, local.Port)), path);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagrams_that_waited_are_served_in_order_over_several_batches(DatapathEngine engine)
    {
        const int Count = 500;
        using RunningWorker worker = new(engine, datapath => new EchoHandler(datapath));
        using Socket client = worker.Connect();
        for (int i = 0; i < Count; i++)
            client.Send(BitConverter.GetBytes(i));

        worker.Start();

        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(sizeof(int), client.Receive(_buffer));
            Assert.Equal(i, BitConverter.ToInt32(_buffer));
        }
        Assert.True(worker.Stop(RunningWorker.Limit));
        DatapathStatistics statistics = worker.Datapath.Statistics;
        Assert.Equal(Count, statistics.DatagramsReceived);
        Assert.Equal(Count * sizeof(int), statistics.BytesReceived);
        Assert.Equal(Count, statistics.DatagramsSent);
        Assert.Equal(Count * sizeof(int), statistics.BytesSent);
        Assert.InRange(statistics.Turns, Count / 64, Count + 10);
        Assert.True(statistics.BusyTime > TimeSpan.Zero);
        if (engine == DatapathEngine.Mmsg)
            Assert.InRange(statistics.ReceiveCalls, Count / 64, Count / 64 + 1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Fan_out_longer_than_the_outgoing_batch_leaves_whole_and_in_order(DatapathEngine engine)
    {
        const int Copies = 1_000;
        using RunningWorker worker = new RunningWorker(engine, datapath => new DelegateHandler
        {
            Datagram = (_, path) =>
            {
                for (int i = 0; i < Copies; i++)
                {
                    BinaryPrimitives.WriteInt32BigEndian(datapath.Reserve(), i);
                    datapath.Commit(1_000, path);
                }
            },
        }).Start();
        using Socket client = worker.Connect();

        client.Send([1]);

        for (int i = 0; i < Copies; i++)
        {
            Assert.Equal(1_000, client.Receive(_buffer));
            Assert.Equal(i, BinaryPrimitives.ReadInt32BigEndian(_buffer));
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Runs_that_the_kernel_cuts_apart_arrive_as_they_were_written_and_cost_fewer_calls(string address)
    {
        const int Datagrams = 240;
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[][] written = [.. Enumerable.Range(0, Datagrams).Select(_ => new byte[random.Next(4) == 0 ? random.Next(1, 1_400) : 1_200])];
        Array.ForEach(written, random.NextBytes);
        List<NetworkPath> paths = [];
        using RunningWorker worker = new RunningWorker(
            DatapathEngine.Automatic,
            datapath => new DelegateHandler
            {
                Datagram = (_, path) =>
                {
                    paths.Add(path);
                    for (int i = 0; paths.Count == 3 && i < Datagrams; i++)
                    {
                        written[i].CopyTo(datapath.Reserve());
                        datapath.Commit(written[i].Length, paths[i % 3]);
                    }
                },
            },
            [address]).Start();
        Socket[] clients = [worker.Connect(), worker.Connect(), worker.Connect()];
        foreach (Socket client in clients)
            client.Send([1]);

        // Whose greeting came first is the network's to choose.
        int[] firsts = new int[clients.Length];
        for (int c = 0; c < clients.Length; c++)
        {
            int length = clients[c].Receive(_buffer);
            firsts[c] = Enumerable.Range(0, 3).Single(i => written[i].AsSpan().SequenceEqual(_buffer.AsSpan(0, length)));
            for (int i = firsts[c] + 3; i < Datagrams; i += 3)
            {
                length = clients[c].Receive(_buffer);
                Assert.True(written[i].AsSpan().SequenceEqual(_buffer.AsSpan(0, length)), $"seed {seed}: datagram {i} is another");
            }
            clients[c].Dispose();
        }
        Assert.True(worker.Stop(RunningWorker.Limit));
        Assert.Equal((Datagrams, written.Sum(datagram => (long)datagram.Length)),
            (worker.Datapath.Statistics.DatagramsSent, worker.Datapath.Statistics.BytesSent));
    }

    [Fact]
    public void Run_that_cannot_be_sent_is_counted_datagram_by_datagram()
    {
        var nobody = new NetworkPath(new EndpointId(0), TransportAddress.From(IPAddress.Loopback, 0));
        using RunningWorker worker = new RunningWorker(DatapathEngine.Automatic, datapath => new DelegateHandler
        {
            Datagram = (_, path) =>
            {
                for (int i = 0; i < 5; i++)
                    Send(datapath, 9, nobody);
                Send(datapath, 1, path);
            },
        }).Start();
        using Socket client = worker.Connect();
        client.Send([1]);
        Assert.Equal(1, client.Receive(_buffer));
        Assert.True(worker.Stop(RunningWorker.Limit));
        Assert.Equal(5, worker.Datapath.Drops[DropReason.SendFailed]);
        Assert.Equal(1, worker.Datapath.Statistics.DatagramsSent);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagram_that_cannot_be_sent_is_counted_and_the_others_leave(DatapathEngine engine)
    {
        // Port 0 is nobody's, and an IPv6 address is out of an IPv4 socket's reach.
        TransportAddress[] unreachable =
            [TransportAddress.From(IPAddress.Loopback, 0), TransportAddress.From(IPAddress.IPv6Loopback, 9)];
        using RunningWorker worker = new RunningWorker(engine, datapath => new DelegateHandler
        {
            Datagram = (_, path) =>
            {
                Send(datapath, 1, path);
                Send(datapath, 2, new NetworkPath(new EndpointId(0), unreachable[0]));
                Send(datapath, 3, path);
                Send(datapath, 4, new NetworkPath(new EndpointId(0), unreachable[1]));
                Send(datapath, 5, path);
            },
        }).Start();
        using Socket client = worker.Connect();

        client.Send([1]);

        foreach (byte expected in new byte[] { 1, 3, 5 })
        {
            Assert.Equal(1, client.Receive(_buffer));
            Assert.Equal(expected, _buffer[0]);
        }
        Assert.True(worker.Stop(RunningWorker.Limit));
        Assert.Equal(2, worker.Datapath.Drops[DropReason.SendFailed]);
        Assert.Equal(3, worker.Datapath.Statistics.DatagramsSent);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagram_longer_than_a_slot_is_dropped_and_the_next_one_served(DatapathEngine engine)
    {
        using RunningWorker worker = new RunningWorker(engine, datapath => new EchoHandler(datapath)).Start();
        using Socket client = worker.Connect();

        client.Send(new byte[3_000]);
        client.Send([7]);

        Assert.Equal(1, client.Receive(_buffer));
        Assert.Equal(1, worker.Datapath.Drops[DropReason.TooLong]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Empty_datagram_is_handed_over(DatapathEngine engine)
    {
        using BlockingCollection<byte[]> datagrams = [];
        using RunningWorker worker = new RunningWorker(
            engine, _ => new DelegateHandler { Datagram = (datagram, _) => datagrams.Add(datagram) }).Start();
        using Socket client = worker.Connect();

        client.Send(Array.Empty<byte>());
        client.Send([1]);

        Assert.True(datagrams.TryTake(out byte[]? first, RunningWorker.Limit));
        Assert.True(datagrams.TryTake(out byte[]? second, RunningWorker.Limit));
        Assert.Empty(first);
        Assert.Equal([1], second);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Slot_reserved_but_not_committed_does_not_leave(DatapathEngine engine)
    {
        using RunningWorker worker = new RunningWorker(engine, datapath => new DelegateHandler
        {
            Datagram = (_, path) =>
            {
                datapath.Reserve().Fill(1);
                Send(datapath, 2, path);
                datapath.Reserve().Fill(3);
            },
        }).Start();
        using Socket client = worker.Connect();

        client.Send([0]);
        client.Send([0]);

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(1, client.Receive(_buffer));
            Assert.Equal(2, _buffer[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagram_in_and_out_allocates_nothing(DatapathEngine engine)
    {
        const int WarmUp = 1_000;
        const int Count = 10_000;
        EchoHandler? echo = null;
        using RunningWorker worker = new RunningWorker(
            engine, datapath => echo = new EchoHandler(datapath) { WarmUp = WarmUp }).Start();
        using Socket client = worker.Connect();
        byte[] datagram = new byte[1_200];

        for (int i = 0; i < (WarmUp + Count) / 10; i++)
        {
            for (int j = 0; j < 10; j++)
                client.Send(datagram);
            for (int j = 0; j < 10; j++)
                Assert.Equal(datagram.Length, client.Receive(_buffer));
        }

        Assert.True(worker.Stop(RunningWorker.Limit));
        Assert.Equal(WarmUp + Count, worker.Datapath.Statistics.DatagramsSent);
        // A small object or two come from the runtime on some runs; the smallest object a datagram would be 240,000 bytes.
        Assert.InRange(echo!.AllocatedBytes, 0, 256);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Commit_beyond_slot_or_sockets_is_refused(DatapathEngine engine)
    {
        using RunningWorker worker = new(engine, datapath => new EchoHandler(datapath));
        NetworkPath path = new(new EndpointId(0), TransportAddress.From(IPAddress.Loopback, 9));
        Assert.Equal(IDatagramSender.MaxDatagram, worker.Datapath.Reserve().Length);

        Assert.Throws<ArgumentOutOfRangeException>(() => worker.Datapath.Commit(IDatagramSender.MaxDatagram + 1, path));
        Assert.Throws<ArgumentOutOfRangeException>(() => worker.Datapath.Commit(-1, path));
        Assert.Throws<ArgumentOutOfRangeException>(() => worker.Datapath.Commit(1, new NetworkPath(new EndpointId(1), path.Remote)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Wake_after_the_end_is_harmless(DatapathEngine engine)
    {
        RunningWorker worker = new(engine, datapath => new EchoHandler(datapath));
        worker.Dispose();
        worker.Datapath.Wake();
    }

    [Fact]
    public void Kernel_drops_are_counted_when_nobody_reads()
    {
        using UdpDatapath datapath = UdpDatapath.Open(
            new UdpEndpointOptions { Addresses = [IPAddress.Loopback], ReceiveBufferBytes = 8_192 }, new DropCounters());
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.Equal(0, datapath.ReadKernelReceiveDrops());
        for (int i = 0; i < 100; i++)
            client.SendTo(new byte[1_200], new IPEndPoint(IPAddress.Loopback, datapath.LocalAddresses[0].Port));

        Assert.InRange(datapath.ReadKernelReceiveDrops(), 50, 99);
    }

    private static void Send(UdpDatapath datapath, byte value, in NetworkPath path)
    {
        datapath.Reserve()[0] = value;
        datapath.Commit(1, path);
    }

    private void EchoOne(DatapathEngine engine, string address)
    {
        using RunningWorker worker = new RunningWorker(engine, datapath => new EchoHandler(datapath), [address]).Start();
        Assert.Equal(engine, worker.Datapath.Engine);
        using Socket client = worker.Connect();
        byte[] datagram = new byte[IDatagramSender.MaxDatagram];
        new Random(1).NextBytes(datagram);

        client.Send(datagram);

        Assert.Equal(datagram.Length, client.Receive(_buffer));
        Assert.Equal(datagram, _buffer[..datagram.Length]);
    }
}
