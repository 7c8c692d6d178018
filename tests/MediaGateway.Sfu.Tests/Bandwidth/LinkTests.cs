using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;

namespace MediaGateway.Sfu.Tests.Bandwidth;

/// <summary>The bottleneck of the simulator against what can be computed by hand.</summary>
public sealed class LinkTests
{
    private readonly SimulatedNetwork _network = new(seed: 1);

    [Fact]
    public void Packets_leave_one_after_the_other_at_the_rate()
    {
        var link = new SimulatedLink(_network, new LinkOptions { Rate = RateTrace.Constant(1) });
        List<double> left = Send(link, packets: 4, bytes: 1250);
        _network.Run(TimeSpan.FromSeconds(1));

        Assert.Equal([10, 20, 30, 40], left);
        Assert.Equal([0, 10, 20, 30], link.Flows[0].QueueDelays(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Equal((5000, 4, 0), (link.Flows[0].BytesSent, link.Flows[0].PacketsSent, link.Flows[0].PacketsDropped));
        Assert.Equal(0.4, link.Flows[0].Megabits(TimeSpan.Zero, TimeSpan.FromSeconds(0.1)), 6);
    }

    [Theory]
    [InlineData(2, 7.5)]
    [InlineData(0.5, 15)]
    [InlineData(0, 3010)]
    public void Packet_goes_on_at_the_new_rate_when_the_rate_changes_while_it_leaves(double megabits, double end)
    {
        var trace = new RateTrace((0, 1), (0.005, megabits), (3.005, 1));
        var link = new SimulatedLink(_network, new LinkOptions { Rate = trace, QueueBytes = 5000 });
        List<double> left = Send(link, packets: 1, bytes: 1250);
        _network.Run(TimeSpan.FromSeconds(4));

        Assert.Equal([end], left);
    }

    [Fact]
    public void Link_that_has_no_capacity_any_more_lets_nothing_through()
    {
        var link = new SimulatedLink(_network, new LinkOptions { Rate = new RateTrace((0, 1), (0.025, 0)), QueueBytes = 2500 });
        List<double> left = Send(link, packets: 9, bytes: 1250);
        _network.Run(TimeSpan.FromSeconds(100));

        Assert.Equal([10, 20], left);
        Assert.Equal(6, link.Flows[0].PacketsDropped);
    }

    [Fact]
    public void Mean_of_a_trace_weighs_its_steps_by_their_lengths()
    {
        var trace = new RateTrace((0, 1), (40, 2.5), (60, 0.6));

        Assert.Equal(2, trace.MeanMegabits(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)), 6);
        Assert.Equal(0.6, trace.MegabitsAt(TimeSpan.FromSeconds(60)), 6);
        Assert.Equal(2.5, trace.MegabitsAt(TimeSpan.FromSeconds(59.9)), 6);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300)]
    public void Drop_tail_queue_holds_its_bytes_and_not_one_packet_more(int bytes)
    {
        var link = new SimulatedLink(_network, new LinkOptions { Rate = RateTrace.Constant(1), QueueBytes = 10_000 });
        int packets = 10_000 / bytes + 20;
        List<double> left = Send(link, packets, bytes);
        _network.Run(TimeSpan.FromSeconds(1));

        // One is being sent and waits no longer.
        Assert.Equal(10_000 / bytes + 1, left.Count);
        Assert.Equal(10_000 / bytes * bytes, link.MostQueuedBytes);
        Assert.Equal(packets - left.Count, link.Flows[0].PacketsDropped);
    }

    [Theory]
    [InlineData(2.5, 0.8, 141)]
    [InlineData(1.0, 0.5, 300)]
    public void Overload_fills_the_queue_at_the_computed_time(double offered, double capacity, double milliseconds)
    {
        var link = new SimulatedLink(_network, new LinkOptions { Rate = RateTrace.Constant(capacity) });
        LinkFlow flow = link.Join("constant");
        new OnOffFlow(_network, flow, offered, seed: 1).Start();

        Assert.True(_network.RunUntil(() => flow.PacketsDropped > 0, TimeSpan.FromSeconds(10)));

        // The queue holds whole packets, and the one that is being sent has left it.
        double packet = 1200 * 8 / ((offered - capacity) * 1000);
        Assert.InRange(link.Elapsed.TotalMilliseconds, milliseconds - packet, milliseconds + 2 * packet);
        Assert.InRange(link.MostQueuedBytes, link.QueueLimit - 1200, link.QueueLimit);
        _network.Run(TimeSpan.FromSeconds(1));
        double longest = Figures.Percentile(flow.QueueDelays(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2)), 1);
        Assert.Equal(300, longest, tolerance: 2 * 1200 * 8 / (capacity * 1000));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    public void Traffic_in_turns_sends_its_part_of_the_time(double meanOff)
    {
        var link = new SimulatedLink(_network, new LinkOptions { Rate = RateTrace.Constant(10) });
        var flow = new OnOffFlow(_network, link.Join("in turns"), megabits: 2, seed: 3)
        {
            MeanOff = TimeSpan.FromSeconds(meanOff),
        };
        flow.Start();
        _network.Run(TimeSpan.FromSeconds(2000));

        double expected = 2 / (1 + meanOff);
        Assert.Equal(expected, flow.BytesOffered * 8 / 1e6 / 2000, expected * 0.1);
        flow.Stop();
        long offered = flow.BytesOffered;
        _network.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(offered, flow.BytesOffered);
    }

    [Fact]
    public void Fairness_is_one_for_equal_shares_and_falls_to_one_of_n()
    {
        Assert.Equal(1, Figures.Fairness(3, 3, 3));
        Assert.Equal(0.25, Figures.Fairness(4, 0, 0, 0));
        Assert.Equal(0.9, Figures.Fairness(1, 2), 6);
        Assert.Equal(5, Figures.Percentile([9, 5, 1], 0.5));
    }

    private static List<double> Send(SimulatedLink link, int packets, int bytes)
    {
        List<double> left = [];
        LinkFlow flow = link.Join("burst");
        for (int i = 0; i < packets; i++)
            flow.Send(bytes, () => left.Add(link.Elapsed.TotalMilliseconds));
        return left;
    }
}
