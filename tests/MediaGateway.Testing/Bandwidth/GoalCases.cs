using System.Collections.Immutable;
using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Bandwidth;

/// <summary>Cases of our own, each for goals of docs/bandwidth.md.</summary>
public static class GoalCases
{
    public static readonly ImmutableArray<BandwidthCase> All =
    [
        new("1", "10 Mb/s from the start", seed => Steady(seed, 10, from: 0)),
        new("2", "0.8 Mb/s from the start, first 5 s", seed => Steady(seed, 0.8, from: 0, to: 5)),
        new("4, 5", "0.8 Mb/s", seed => Steady(seed, 0.8)),
        new("4, 5", "3 Mb/s", seed => Steady(seed, 3)),
        new("4, 5", "0.8 Mb/s, CoDel", seed => Steady(seed, 0.8, isManaged: true)),
        new("4, 15", "0.8 Mb/s, viewer sends REMB", seed => Steady(seed, 0.8, feedback: ViewerFeedback.Remb)),
        new("4, 15", "0.8 Mb/s, viewer sends receiver reports alone", seed => Steady(seed, 0.8, feedback: ViewerFeedback.Reports)),
        new("4, 15", "0.8 Mb/s, viewer sends nothing", seed => Steady(seed, 0.8, feedback: ViewerFeedback.Nothing)),
        new("6, 7", "5 to 0.8 Mb/s at 20 s and back at 40 s, round trip 50 ms", DropAndRecovery),
        new("8", "two viewers of one line of 2.5 Mb/s", TwoViewers),
        new("9", "one TCP on a line of 3 Mb/s", OneTcp),
        new("12", "OBS, single H.264 of 4 Mb/s, on 2 Mb/s", seed => Steady(seed, 2, VideoModel.Production)),
        new("12", "screen of 0 to 3 Mb/s on 1.5 Mb/s", seed => Steady(seed, 1.5, VideoModel.Screen)),
        new("12", "2 % of loss in bursts of 4 on 4 Mb/s", LossInBursts),
        new("12", "4 Mb/s, viewer's clock fast by 500 ppm", Drift),
    ];

    private static BandwidthFigures Steady(int seed, double megabits, VideoModel? video = null, double from = 5, double to = 60,
        bool isManaged = false, ViewerFeedback feedback = ViewerFeedback.TransportWide)
    {
        using var scenario = new BandwidthScenario(
            seed, new LinkOptions { Rate = RateTrace.Constant(megabits), IsManaged = isManaged }, video);
        scenario.Watch(feedback: feedback);
        scenario.RunTo(to);
        return BandwidthFigures.Measure(scenario, from, to, static _ => 1, 0);
    }

    private static BandwidthFigures DropAndRecovery(int seed)
    {
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = new RateTrace((0, 5), (20, 0.8), (40, 5)) });
        scenario.Watch(BandwidthScenario.WireOf(milliseconds: 25));
        scenario.RunTo(60);
        return BandwidthFigures.Measure(scenario, 5, 60, static _ => 1, 20, 40);
    }

    private static BandwidthFigures TwoViewers(int seed)
    {
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = RateTrace.Constant(2.5) });
        scenario.Watch();
        scenario.At(10, () => scenario.Watch());
        scenario.RunTo(70);
        return BandwidthFigures.Measure(scenario, 20, 70, static _ => 0.5, 10);
    }

    private static BandwidthFigures OneTcp(int seed)
    {
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = RateTrace.Constant(3) });
        scenario.Watch();
        var tcp = new CubicFlow(scenario.Network, scenario.Line.Join("tcp"), TimeSpan.FromMilliseconds(50));
        scenario.At(10, () => tcp.Start());
        scenario.RunTo(100);
        return BandwidthFigures.Measure(scenario, 20, 100, static _ => 0.5, 10);
    }

    private static BandwidthFigures LossInBursts(int seed)
    {
        LinkConditions wire = BandwidthScenario.StandardWire with { Loss = 0.02, LossBurst = 4 };
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = RateTrace.Constant(4) });
        scenario.Watch(wire);
        scenario.RunTo(60);
        return BandwidthFigures.Measure(scenario, 5, 60, static _ => 1, 0);
    }

    private static BandwidthFigures Drift(int seed)
    {
        using var scenario = new BandwidthScenario(seed, new LinkOptions { Rate = RateTrace.Constant(4) });
        scenario.Watch().Host.ClockSpeed = 1.0005;
        scenario.RunTo(60);
        return BandwidthFigures.Measure(scenario, 5, 60, static _ => 1, 0);
    }
}
