using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MediaGateway.Platform.Datapath;
using MediaGateway.Platform.Datapath.Udp;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Faults;

namespace MediaGateway.Platform.Tests.Datapath.Udp;

public sealed class DatagramFaultsTests
{
    public static TheoryData<DatapathEngine> Engines => RunningWorker.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagrams_received_are_lost_repeated_and_reordered_by_plan(DatapathEngine engine)
    {
        Assert.Equal([1, 3, 4, 5, 6], Receive(engine, DatagramFaultPlan.On(DatagramFault.Lose, 2), 6));
        Assert.Equal([1, 2, 2, 3, 4, 4, 5, 6], Receive(engine, DatagramFaultPlan.Every(2, DatagramFault.Duplicate), 6));
        Assert.Equal([1, 3, 2, 4, 5, 6], Receive(engine, DatagramFaultPlan.On(DatagramFault.Delay, 2), 6));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagrams_sent_are_lost_repeated_and_reordered_by_plan(DatapathEngine engine)
    {
        Assert.Equal([2, 3, 5, 6], Echo(engine, DatagramFaultPlan.On(DatagramFault.Lose, 1, 4), 6));
        Assert.Equal([1, 1, 2], Echo(engine, DatagramFaultPlan.On(DatagramFault.Duplicate, 1), 2));
        Assert.Equal([2, 1, 3], Echo(engine, DatagramFaultPlan.On(DatagramFault.Delay, 1), 3));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Datagrams_seem_to_come_from_another_address_after_a_rebinding(DatapathEngine engine)
    {
        TransportAddress other = TransportAddress.From(IPAddress.Parse("192.0.2.1"), 4_000);
        using BlockingCollection<NetworkPath> paths = [];
        FaultyDatagrams faults = new(DatagramFaultPlan.ReaddressFrom(2, other), DatagramFaultPlan.None, new DropCounters());
        using RunningWorker worker = new RunningWorker(
            engine, _ => new DelegateHandler { Datagram = (_, path) => paths.Add(path) }, faults: faults).Start();
        using Socket client = worker.Connect();

        client.Send([1]);
        client.Send([2]);

        Assert.True(paths.TryTake(out NetworkPath before, RunningWorker.Limit));
        Assert.True(paths.TryTake(out NetworkPath after, RunningWorker.Limit));
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, before.Remote.Port);
        Assert.Equal(new NetworkPath(new EndpointId(0), other), after);
    }

    [Fact]
    public void Seeded_plan_repeats_and_keeps_to_its_probabilities()
    {
        DatagramFaultPlan plan = DatagramFaultPlan.Seeded(7, lose: 0.1, duplicate: 0.05, delay: 0.02);
        DatagramFaultPlan same = DatagramFaultPlan.Seeded(7, lose: 0.1, duplicate: 0.05, delay: 0.02);
        DatagramFaultPlan different = DatagramFaultPlan.Seeded(8, lose: 0.1, duplicate: 0.05, delay: 0.02);
        DatagramFault[] faults = [.. Enumerable.Range(1, 10_000).Select(number => plan.FaultOf(number))];

        Assert.Equal(faults, Enumerable.Range(1, 10_000).Select(number => same.FaultOf(number)));
        Assert.NotEqual(faults, Enumerable.Range(1, 10_000).Select(number => different.FaultOf(number)));
        Assert.InRange(faults.Count(fault => fault == DatagramFault.Lose), 850, 1_150);
        Assert.InRange(faults.Count(fault => fault == DatagramFault.Duplicate), 400, 600);
        Assert.InRange(faults.Count(fault => fault == DatagramFault.Delay), 140, 260);
    }

    [Fact]
    public void Repeats_beyond_a_full_batch_come_with_the_next_one()
    {
        FaultyDatagrams faults = new(
            DatagramFaultPlan.Every(1, DatagramFault.Duplicate), DatagramFaultPlan.None, new DropCounters());
        DatagramBatch batch = new(3, 100);
        for (byte i = 0; i < 3; i++)
            batch.Add([i], default);

        faults.OnReceived(batch);
        Assert.Equal([0, 0, 1], Enumerable.Range(0, batch.Count).Select(i => (int)batch[i][0]));
        batch.Clear();
        faults.OnReceived(batch);
        Assert.Equal([1, 2, 2], Enumerable.Range(0, batch.Count).Select(i => (int)batch[i][0]));
    }

    /// <summary>Sends 1 to <paramref name="last"/> and returns what the handler saw, up to the first of the last number.</summary>
    private static List<int> Receive(DatapathEngine engine, DatagramFaultPlan plan, byte last)
    {
        using BlockingCollection<int> received = [];
        FaultyDatagrams faults = new(plan, DatagramFaultPlan.None, new DropCounters());
        using RunningWorker worker = new RunningWorker(
            engine, _ => new DelegateHandler { Datagram = (datagram, _) => received.Add(datagram[0]) }, faults: faults).Start();
        using Socket client = worker.Connect();
        for (byte i = 1; i <= last; i++)
            client.Send([i]);
        return TakeUntil(last, () => received.TryTake(out int value, RunningWorker.Limit) ? value : -1);
    }

    /// <summary>Sends 1 to <paramref name="last"/> and returns what came back, up to the first of the last number.</summary>
    private static List<int> Echo(DatapathEngine engine, DatagramFaultPlan plan, byte last)
    {
        byte[] buffer = new byte[16];
        FaultyDatagrams faults = new(DatagramFaultPlan.None, plan, new DropCounters());
        using RunningWorker worker = new RunningWorker(engine, datapath => new EchoHandler(datapath), faults: faults).Start();
        using Socket client = worker.Connect();
        for (byte i = 1; i <= last; i++)
            client.Send([i]);
        return TakeUntil(last, () => client.Receive(buffer) == 1 ? buffer[0] : -1);
    }

    private static List<int> TakeUntil(int last, Func<int> take)
    {
        List<int> taken = [];
        while (taken.Count == 0 || taken[^1] != last)
        {
            taken.Add(take());
            Assert.NotEqual(-1, taken[^1]);
        }
        return taken;
    }
}
