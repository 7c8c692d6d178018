using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Bandwidth;
using MediaGateway.Testing.Links;

namespace MediaGateway.Rtc.Tests.Bandwidth;

public sealed class ProbeControllerTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(1000);

    private readonly BandwidthEstimator _estimator = new(EstimatorOptions.Default);
    private readonly ProbeController _probes;

    public ProbeControllerTests() => _probes = new ProbeController(_estimator);

    [Fact]
    public void Trap_5_probe_begins_with_the_first_demand()
    {
        _probes.SetDemand(new Bitrate(600_000), new Bitrate(1_900_000), new Bitrate(1_900_000), Start);

        Assert.NotEqual(0, _probes.Cluster);
        Assert.Equal(Start, _probes.NextFiller);
        Assert.True(_probes.FillerDue(Start) > 0);
    }

    [Fact]
    public void Nothing_is_probed_when_all_wishes_are_met()
    {
        _probes.SetDemand(new Bitrate(1_900_000), Bitrate.Zero, new Bitrate(1_900_000), Start);

        Assert.Equal(0, _probes.Cluster);
        Assert.True(_probes.NextFiller.IsNever);
        Assert.True(_probes.NextDeadline.IsNever);
    }

    [Fact]
    public void Nothing_is_probed_that_the_estimate_already_says()
    {
        _estimator.OnProbe(3_000_000, isFull: false, Start);
        _probes.SetDemand(new Bitrate(600_000), new Bitrate(1_900_000), new Bitrate(1_900_000), Start);

        Assert.Equal(0, _probes.Cluster);
        Assert.True(_probes.NextDeadline.IsNever);
    }

    [Fact]
    public void Trap_13_filler_that_cannot_be_sent_is_still_due_later()
    {
        _probes.SetDemand(new Bitrate(100_000), new Bitrate(1_200_000), new Bitrate(1_200_000), Start);
        int due = _probes.FillerDue(Start + TimeSpan.FromMilliseconds(10));
        int later = _probes.FillerDue(Start + TimeSpan.FromMilliseconds(20));

        Assert.True(due > 0);
        Assert.True(later >= due);
    }

    [Fact]
    public void Worker_that_was_late_does_not_send_a_burst()
    {
        _probes.SetDemand(new Bitrate(600_000), new Bitrate(2_000_000), new Bitrate(2_000_000), Start);

        Assert.InRange(_probes.FillerDue(Start + TimeSpan.FromMilliseconds(25)), 1, 4 * 1200);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(0.8)]
    [InlineData(1.5)]
    public void Goal_14_filler_takes_a_twentieth_at_the_most_while_a_layer_is_missing(double megabits) => Assert.InRange(
        LoopRuns.Over(20, 0.5, seed =>
        {
            EstimatorLoop loop = LoopRuns.Run(seed, LoopRuns.Line(megabits), LoopRuns.Camera.On(LoopRuns.Jitter), 60);
            return (double)loop.Probes.FillerBytesSent / loop.BytesSent;
        }), 0.001, 0.05);

    [Fact]
    public void Goal_7_wide_line_is_found_again_within_five_seconds()
    {
        var line = new LinkOptions { Rate = new RateTrace((0, 5), (20, 0.8), (40, 5)) };
        double[] times = [.. Enumerable.Range(1, 20).Select(seed => LoopRuns
            .Run(seed, line, LoopRuns.Camera.On(LoopRuns.Jitter), 60).TimeOf(3, TimeSpan.FromSeconds(40))!.Value.TotalSeconds)];

        Assert.InRange(Figures.Percentile(times, 0.5), 0, 5);
        Assert.InRange(Figures.Percentile(times, 0.95), 0, 8);
    }

    [Fact]
    public void Trap_2_picture_that_is_paused_comes_back()
    {
        // Below the lowest layer for 20 s: nothing but sound is sent, and probes find the room.
        var line = new LinkOptions { Rate = new RateTrace((0, 3), (10, 0.12), (30, 3)) };

        Assert.All(Enumerable.Range(1, 20), seed =>
        {
            EstimatorLoop loop = LoopRuns.Run(seed, line, LoopRuns.Camera, 60);
            Assert.Contains(loop.Changes, change => change.Step == 0 && change.Time.TotalSeconds is > 10 and < 13);
            Assert.InRange(loop.TimeOf(3, TimeSpan.FromSeconds(30))!.Value.TotalSeconds, 0, 12);
        });
    }

    [Fact]
    public void Trap_7_wish_that_jumps_is_probed_for_at_once()
    {
        EstimatorLoop[] loops = [.. Enumerable.Range(1, 20).Select(seed =>
        {
            var network = new Testing.Network.SimulatedNetwork(seed);
            var loop = new EstimatorLoop(network, new SimulatedLink(network, LoopRuns.Line(10)), LoopRuns.Camera, seed);
            loop.SetBestStep(0);
            network.Run(TimeSpan.FromSeconds(20));
            loop.SetBestStep(3);
            network.Run(TimeSpan.FromSeconds(10));
            return loop;
        })];

        Assert.All(loops, loop => Assert.InRange(loop.TimeOf(3, TimeSpan.FromSeconds(20))!.Value.TotalSeconds, 0, 1.5));
    }
}
