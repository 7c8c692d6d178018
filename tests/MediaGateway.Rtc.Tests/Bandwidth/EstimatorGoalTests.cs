using MediaGateway.Testing.Bandwidth;
using MediaGateway.Testing.Links;

namespace MediaGateway.Rtc.Tests.Bandwidth;

/// <summary>The goals of docs/bandwidth.md that the estimator decides, in its own loop: the median and the worst of seeds.</summary>
public sealed class EstimatorGoalTests
{
    private const int Seeds = 20;

    [Fact]
    public void Goal_1_best_layer_comes_within_a_second_and_a_half()
    {
        double[] times = [.. Seconds(3, seed => LoopRuns.Run(seed, LoopRuns.Line(10), LoopRuns.Camera, 10))];

        Assert.InRange(Figures.Percentile(times, 1), 0, 1.5);
    }

    [Fact]
    public void Goal_2_thin_line_is_not_filled_at_the_start() => Assert.InRange(
        LoopRuns.Over(Seeds, 1, seed => LoopRuns.Queue(LoopRuns.Run(seed, LoopRuns.Line(0.8), LoopRuns.Camera, 2), 1, 0, 2)), 0, 250);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3.5)]
    public void Goals_3_and_5_line_is_used_without_a_queue(double megabits)
    {
        EstimatorLoop[] runs = [.. Runs(seed => LoopRuns.Run(seed, LoopRuns.Line(megabits), LoopRuns.Elastic, 65))];

        Assert.All(runs, run => Assert.InRange(run.MeanEstimate(5, 65) / megabits, 0.85, 0.98));
        Assert.InRange(Figures.Percentile(runs.Select(run => LoopRuns.Queue(run, 0.95, 5, 65)), 0.5), 0, 60);
        Assert.InRange(Figures.Percentile(runs.Select(run => LoopRuns.Queue(run, 0.99, 5, 65)), 0.5), 0, 100);
    }

    [Fact]
    public void Goal_6_line_that_becomes_thin_gets_less_within_600_ms()
    {
        var line = new LinkOptions { Rate = new RateTrace((0, 5), (10, 0.8)) };
        EstimatorLoop[] runs = [.. Runs(seed => LoopRuns.Run(seed, line, LoopRuns.Camera, 15))];

        Assert.All(runs, run => Assert.Contains(run.Changes, change => change.Step < 3 && change.Time.TotalSeconds is > 10 and < 10.6));
    }

    [Theory]
    [InlineData(0.02, 0.85)]
    [InlineData(0.10, 0.70)]
    public void Goal_10_random_loss_leaves_the_estimate(double loss, double least) => Assert.All(
        Runs(seed => LoopRuns.Run(seed, LoopRuns.Line(2), LoopRuns.Elastic.On(LoopRuns.Elastic.Wire with { Loss = loss }), 40)),
        run => Assert.InRange(run.MeanEstimate(5, 40) / 2, least, 1));

    [Fact]
    public void Goal_13_feedback_that_is_lost_for_two_seconds_halves_the_estimate_at_most()
    {
        LoopOptions options = LoopRuns.Camera with { FeedbackLoss = time => time.TotalSeconds is > 10 and < 12 ? 1 : 0 };

        Assert.All(Runs(seed => LoopRuns.Run(seed, LoopRuns.Line(3), options, 20)), run =>
        {
            double before = run.MeanEstimate(9, 10);
            Assert.InRange(run.Samples.Min(sample => sample.Seconds > 10 ? sample.Megabits : before), before / 2, before * 0.95);
            Assert.InRange(run.MeanEstimate(15, 20), before * 0.95, before * 1.2);
        });
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Receiver_that_stalls_on_a_wide_line_keeps_its_best_layer(double megabits)
    {
        LoopOptions options = LoopRuns.Camera.On(new() { Delay = TimeSpan.FromMilliseconds(0.5) }) with { Stalled = 0.2 };

        Assert.All(Runs(seed => LoopRuns.Run(seed, LoopRuns.Line(megabits), options, 60)),
            run => Assert.InRange(run.PartAtLeast(3, 3, 60), 1, 1));
    }

    private static IEnumerable<EstimatorLoop> Runs(Func<int, EstimatorLoop> run) => Enumerable.Range(1, Seeds).Select(run);

    private static IEnumerable<double> Seconds(int step, Func<int, EstimatorLoop> run) =>
        Runs(run).Select(loop => loop.TimeOf(step)?.TotalSeconds ?? double.PositiveInfinity);
}
