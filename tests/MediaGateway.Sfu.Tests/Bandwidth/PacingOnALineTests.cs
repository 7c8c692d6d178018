using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Bandwidth;
using MediaGateway.Testing.Links;
using Xunit.Abstractions;

namespace MediaGateway.Sfu.Tests.Bandwidth;

/// <summary>Gain of pacing for the sound on a line, and its cost for the picture.</summary>
public sealed class PacingOnALineTests(ITestOutputHelper output)
{
    /// <summary>
    /// A key frame every 2 s, on lines that carry a ninth more than is estimated. The picture is complete when the line has carried it,
    /// paced or not; where the line is far wider than the estimate, it comes later by what packets may wait. Sound takes a seventh of the
    /// thinnest of these lines, for which the pace makes no room.
    /// </summary>
    [Theory]
    [InlineData(0, 0.4, 0.36, 45, 30)]
    [InlineData(1, 1.0, 0.9, 20, 30)]
    [InlineData(1, 1.5, 1.35, 20, 30)]
    [InlineData(2, 3.0, 2.7, 20, 30)]
    [InlineData(1, 10.0, 0.8, 20, 210)]
    public void Sound_does_not_wait_for_a_key_frame(int encoding, double line, double estimate, double laterSound, double laterPicture)
    {
        Measured calm = Run(VideoModel.Camera, encoding, line, null, hasKeyFrames: false);
        Measured plain = Run(VideoModel.Camera, encoding, line, null), paced = Run(VideoModel.Camera, encoding, line, estimate);
        output.WriteLine($"{calm}\n{plain}\n{paced}");

        Assert.InRange(paced.P99, 0, calm.P99 + laterSound);
        if (plain.P99 > 50)
            Assert.InRange(paced.P99, 0, plain.P99 * 0.6);
        Assert.InRange(paced.Picture, plain.Picture - 20, plain.Picture + laterPicture);
        Assert.Equal(0, paced.Lost);
    }

    [Theory]
    [InlineData(4.0)]
    [InlineData(5.0)]
    public void Sound_waits_less_for_a_screen_that_moves(double line)
    {
        Measured plain = Run(VideoModel.Screen, 0, line, null), paced = Run(VideoModel.Screen, 0, line, line * 0.9);
        output.WriteLine($"{plain}\n{paced}");

        Assert.InRange(paced.P95, 0, plain.P95);
        Assert.InRange(paced.P99, 0, plain.P99);
        Assert.Equal(0, paced.Lost);
    }

    private static Measured Run(VideoModel video, int encoding, double line, double? estimate, bool hasKeyFrames = true)
    {
        using var scenario = new BandwidthScenario(
            seed: 11, new LinkOptions { Rate = RateTrace.Constant(line) }, video, estimatesBandwidth: false);
        ModelViewer viewer = scenario.Watch(BandwidthScenario.WireOf(milliseconds: 25));
        Viewer peer = scenario.PeerOf(viewer);
        Subscription picture = peer.Subscriptions.Single(subscription => subscription.Kind == MediaKind.Video);
        picture.SetLimit(new LayerLimit(MaxLayers.All with { Spatial = encoding }, LimitCause.Wish), scenario.Network.Now);
        peer.Downlink.SetEstimate(estimate is { } rate ? new Bitrate((long)(rate * 1e6)) : null, scenario.Network.Now);
        for (int second = 3; hasKeyFrames && second < 30; second += 2)
            scenario.At(second, viewer.AskForKeyFrame);
        scenario.RunTo(31);
        double[] sound = [.. viewer.Sound.QueueDelays(
            scenario.Start + TimeSpan.FromSeconds(2), scenario.Start + TimeSpan.FromSeconds(29))];
        return new Measured(Figures.Percentile(sound, 0.5), Figures.Percentile(sound, 0.95), Figures.Percentile(sound, 0.99),
            viewer.PictureWays.Skip(60).Max().TotalMilliseconds, viewer.Sound.Lost);
    }

    /// <param name="Median">Wait of the sound, ms.</param>
    /// <param name="P95">The wait that 95 of 100 packets of sound do not exceed, ms.</param>
    /// <param name="P99">That 99 of 100 do not exceed, ms.</param>
    /// <param name="Picture">The longest way of a picture once the first two seconds are over, ms.</param>
    /// <param name="Lost">Packets of sound that were lost.</param>
    private sealed record Measured(double Median, double P95, double P99, double Picture, int Lost);
}
