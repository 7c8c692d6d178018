using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;

namespace MediaGateway.Sfu.Tests.Bandwidth;

/// <summary>The TCP of the simulator does what RFC 9438 promises, before and behind queues that are managed and that are not.</summary>
public sealed class CubicFlowTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan End = TimeSpan.FromSeconds(80);

    private readonly SimulatedNetwork _network = new(seed: 1);

    [Theory]
    [InlineData(0.8)]
    [InlineData(3)]
    [InlineData(20)]
    public void Flow_alone_fills_its_link(double megabits)
    {
        SimulatedLink link = Link(megabits);
        new CubicFlow(_network, link.Join("tcp"), Delay).Start();
        _network.Run(End);

        Assert.InRange(link.Flows[0].Megabits(Settled, End) / megabits, 0.95, 1.001);
        Assert.True(link.Flows[0].PacketsDropped > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_flows_share_a_link(bool isManaged)
    {
        SimulatedLink link = Link(4, isManaged);
        new CubicFlow(_network, link.Join("first"), Delay).Start();
        var second = new CubicFlow(_network, link.Join("second"), Delay);
        _network.After(TimeSpan.FromSeconds(5), () => second.Start());
        _network.Run(End);

        double[] shares = [.. link.Flows.Select(flow => flow.Megabits(Settled, End))];
        Assert.True(Figures.Fairness(shares) >= 0.9, string.Join(' ', shares));
        Assert.True(shares.Sum() >= 4 * 0.9, string.Join(' ', shares));
    }

    [Fact]
    public void Managed_queue_stands_near_its_target_where_one_that_drops_at_its_tail_is_full()
    {
        double[] delays = [.. new[] { true, false }.Select(isManaged =>
        {
            SimulatedLink link = Link(10, isManaged);
            new CubicFlow(_network, link.Join("tcp"), Delay).Start();
            _network.Run(End);
            return Figures.Percentile(link.Flows[0].QueueDelays(Settled, End), 0.95);
        })];

        Assert.InRange(delays[0], 4, 8);
        Assert.InRange(delays[1], 280, 302);
    }

    [Fact]
    public void Window_grows_by_one_segment_for_each_acknowledgement_in_slow_start_and_falls_to_seven_tenths()
    {
        var window = new CubicWindow();
        for (int i = 0; i < 90; i++)
            window.OnAcknowledged(TimeSpan.FromMilliseconds(50), _network.Now);
        Assert.Equal(100, window.Segments);
        window.OnLoss();
        Assert.Equal(70, window.Segments, 6);
        Assert.False(window.IsInSlowStart);
        window.OnTimeout();
        Assert.Equal(1, window.Segments);
        Assert.True(window.IsInSlowStart);
    }

    /// <summary>RFC 9438 section 4.2: the window is back where it was after K = cbrt(W_max 0.3 / 0.4) seconds, and flat there.</summary>
    [Fact]
    public void Window_is_back_at_its_maximum_after_the_time_of_the_cubic_function()
    {
        var window = new CubicWindow();
        for (int i = 0; i < 990; i++)
            window.OnAcknowledged(TimeSpan.FromMilliseconds(10), _network.Now);
        window.OnLoss();
        double k = Math.Cbrt(1000 * 0.3 / 0.4);
        double AfterRounds(double seconds)
        {
            for (double time = 0; time < seconds; time += 0.1)
            {
                // A round trip of 100 ms: few enough acknowledgements that the region of Reno stays below.
                for (int i = 0; i < window.Segments; i++)
                    window.OnAcknowledged(TimeSpan.FromMilliseconds(100), _network.Now);
                _network.Run(TimeSpan.FromMilliseconds(100));
            }
            return window.Segments;
        }

        Assert.InRange(AfterRounds(k / 2), 950, 975);
        Assert.InRange(AfterRounds(k / 2), 995, 1005);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(6)]
    public void Transfer_arrives_whole_and_ends_whatever_the_queue_drops(int queuePackets)
    {
        var link = new SimulatedLink(_network, new LinkOptions { Rate = RateTrace.Constant(2), QueueBytes = queuePackets * 1500 });
        int completed = 0;
        var flow = new CubicFlow(_network, link.Join("tcp"), Delay) { Completed = () => completed++ };
        flow.Start(bytes: 1_000_000);
        _network.Run(TimeSpan.FromSeconds(300));

        Assert.Equal((1, 691), (completed, flow.Delivered));
        Assert.True(link.Flows[0].PacketsDropped > 0);
        Assert.True(flow.Decreases > 0);
    }

    [Fact]
    public void Silence_of_a_link_ends_with_a_timeout_and_the_flow_goes_on_after_it()
    {
        var trace = new RateTrace((0, 2), (10, 0), (15, 2));
        var link = new SimulatedLink(_network, new LinkOptions { Rate = trace, QueueBytes = 30_000 });
        var flow = new CubicFlow(_network, link.Join("tcp"), Delay);
        flow.Start();
        _network.Run(TimeSpan.FromSeconds(10.2));
        int before = flow.Decreases;
        _network.Run(TimeSpan.FromSeconds(4));
        Assert.InRange(flow.Decreases - before, 1, 5);
        _network.Run(TimeSpan.FromSeconds(25.8));

        Assert.True(link.Flows[0].Megabits(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40)) > 1.8);
    }

    /// <summary>52 bytes go back for each 1500: the way back carries one acknowledgement of seven, which stands for the others.</summary>
    [Fact]
    public void Acknowledgements_take_their_own_way_and_those_that_it_loses_cost_nothing()
    {
        SimulatedLink forward = Link(10), back = Link(0.052);
        new CubicFlow(_network, forward.Join("tcp"), Delay, back.Join("acknowledgements")).Start();
        _network.Run(End);

        Assert.Equal(0.052, back.Flows[0].Megabits(Settled, End), 0.002);
        Assert.True(back.Flows[0].PacketsDropped > 4 * back.Flows[0].PacketsSent);
        Assert.InRange(forward.Flows[0].Megabits(Settled, End), 9, 10.01);
    }

    [Fact]
    public void Short_transfers_end_and_pause()
    {
        SimulatedLink link = Link(2);
        var flows = new ShortFlows(_network, link.Join("pages"), Delay, seed: 4);
        flows.Start();
        _network.Run(TimeSpan.FromSeconds(1000));

        Assert.InRange(flows.Completed, 70, 125);
        Assert.InRange(link.Flows[0].BytesSent / flows.Completed, 30_000, 52_000);
    }

    private SimulatedLink Link(double megabits, bool isManaged = false) =>
        new(_network, new LinkOptions { Rate = RateTrace.Constant(megabits), IsManaged = isManaged });
}
