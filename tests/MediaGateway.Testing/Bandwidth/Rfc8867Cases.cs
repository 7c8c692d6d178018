using System.Collections.Immutable;
using MediaGateway.Testing.Links;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>The cases of RFC 8867 section 5, with the gateway as the sender and viewers of a camera as the receivers.</summary>
public static class Rfc8867Cases
{
    private static readonly RateTrace VariableCapacity = new((0, 1), (40, 2.5), (60, 0.6), (80, 1));
    private static readonly TimeSpan TcpDelay = TimeSpan.FromMilliseconds(50);

    public static readonly ImmutableArray<BandwidthCase> All =
    [
        new("5.1", "variable capacity, one way 50 ms", seed => SingleFlow(seed, 50)),
        new("5.1", "variable capacity, one way 100 ms", seed => SingleFlow(seed, 100)),
        new("5.2", "variable capacity, two viewers", TwoFlows),
        new("5.3", "way back congested, viewer's own camera on it", CongestedFeedback),
        new("5.4", "three viewers from 0, 20, 40 s, 3.5 Mb/s", ThreeFlows),
        new("5.5", "five viewers, one way 10 to 150 ms, 4 Mb/s", RoundTrips),
        new("5.6", "with a long TCP, 2 Mb/s, queue 300 ms", seed => LongTcp(seed, 300)),
        new("5.6", "with a long TCP, 2 Mb/s, queue 1000 ms", seed => LongTcp(seed, 1000)),
        new("5.7", "two viewers and ten short TCPs, 2 Mb/s", ShortTcps),
        new("5.8", "three viewers, one paused 40 to 60 s, 3.5 Mb/s", PauseAndResume),
    ];

    private static BandwidthFigures SingleFlow(int seed, double delay)
    {
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = VariableCapacity });
        scenario.Watch(BandwidthScenario.WireOf(delay, jitter: 30));
        scenario.RunTo(100);
        return BandwidthFigures.Measure(scenario, 5, 100, static _ => 1, 40, 60, 80);
    }

    private static BandwidthFigures TwoFlows(int seed)
    {
        var trace = new RateTrace((0, 4), (25, 2), (50, 3.5), (75, 1), (100, 2));
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = trace });
        scenario.Watch();
        scenario.Watch();
        scenario.RunTo(125);
        return BandwidthFigures.Measure(scenario, 5, 125, static _ => 0.5, 25, 50, 75, 100);
    }

    private static BandwidthFigures CongestedFeedback(int seed)
    {
        using var scenario = new BandwidthScenario(
            seed, new LinkOptions { Rate = new RateTrace((0, 2), (20, 1), (40, 0.5), (60, 2)) });
        var back = new SimulatedLink(scenario.Network, new LinkOptions { Rate = new RateTrace((0, 2), (35, 0.8), (70, 2)) });
        new OnOffFlow(scenario.Network, back.Join("camera"), megabits: 1, seed).Start();
        scenario.Watch(up: back.Join("feedback"));
        scenario.RunTo(100);
        return BandwidthFigures.Measure(scenario, 5, 100, static _ => 1, 20, 40, 60);
    }

    private static BandwidthFigures ThreeFlows(int seed)
    {
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = RateTrace.Constant(3.5) });
        for (int i = 0; i < 3; i++)
            scenario.At(i * 20, () => scenario.Watch());
        scenario.RunTo(120);
        return BandwidthFigures.Measure(scenario, 60, 120, static _ => 1 / 3.0, 40);
    }

    private static BandwidthFigures RoundTrips(int seed)
    {
        double[] delays = [10, 25, 50, 100, 150];
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = RateTrace.Constant(4) });
        for (int i = 0; i < delays.Length; i++)
        {
            double delay = delays[i];
            scenario.At(i * 10, () => scenario.Watch(BandwidthScenario.WireOf(delay, jitter: 30)));
        }
        scenario.RunTo(300);
        return BandwidthFigures.Measure(scenario, 60, 300, static _ => 0.2, 40);
    }

    private static BandwidthFigures LongTcp(int seed, int queue)
    {
        using var scenario = new BandwidthScenario(
            seed, new LinkOptions { Rate = RateTrace.Constant(2), QueueLength = TimeSpan.FromMilliseconds(queue) });
        scenario.Watch();
        new CubicFlow(scenario.Network, scenario.Line.Join("tcp"), TcpDelay).Start();
        scenario.RunTo(120);
        return BandwidthFigures.Measure(scenario, 10, 120, static _ => 0.5, 0);
    }

    private static BandwidthFigures ShortTcps(int seed)
    {
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = RateTrace.Constant(2) });
        scenario.Watch();
        scenario.Watch();
        LinkFlow pages = scenario.Line.Join("tcp");
        for (int i = 0; i < 10; i++)
            new ShortFlows(scenario.Network, pages, TcpDelay, seed * 100 + i).Start();
        scenario.RunTo(300);

        // Ten transfers of 40 kB in the mean, with pauses of 10 s, take about 0.3 Mb/s.
        return BandwidthFigures.Measure(scenario, 10, 300, static _ => 0.42, 0);
    }

    private static BandwidthFigures PauseAndResume(int seed)
    {
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = RateTrace.Constant(3.5) });
        ModelViewer paused = scenario.Watch();
        scenario.Watch();
        scenario.Watch();
        scenario.At(40, () => scenario.Pause(paused, isPaused: true));
        scenario.At(60, () => scenario.Pause(paused, isPaused: false));
        scenario.RunTo(100);

        // While one is away, each of the others may have half of the line; to the one that is away nothing fits anyway.
        return BandwidthFigures.Measure(
            scenario, 60, 100, static seconds => seconds is >= 40 and < 60 ? 0.5 : 1 / 3.0, 60);
    }
}
