using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Testing.Bandwidth;
using MediaGateway.Testing.Links;

namespace MediaGateway.Sfu.Tests.Bandwidth;

/// <summary>The models around a real gateway: behind a line that carries everything, viewers see all that publishers send.</summary>
public sealed class BandwidthScenarioTests
{
    private static readonly LinkOptions Wide = new() { Rate = RateTrace.Constant(50) };

    [Theory]
    [InlineData(ViewerFeedback.Reports)]
    [InlineData(ViewerFeedback.Remb)]
    [InlineData(ViewerFeedback.TransportWide)]
    [InlineData(ViewerFeedback.Nothing)]
    public void Viewer_of_a_wide_line_sees_the_best_encoding_without_a_freeze(ViewerFeedback feedback)
    {
        // The receiver's own estimate alone holds the gateway's down: docs/bandwidth.md, "How far it is".
        using var scenario = new BandwidthScenario(seed: 1, Wide, estimatesBandwidth: feedback != ViewerFeedback.Remb);
        ModelViewer viewer = scenario.Watch(feedback: feedback);
        scenario.RunTo(20);
        var figures = BandwidthFigures.Measure(scenario, 5, 20, static _ => 1, 0);

        Assert.Equal((2, 0.0, 0.0), (viewer.Decoder.Encoding, figures.SoundLost, figures.SoundLate));
        Assert.InRange(figures.PicturesPerSecond, 28, 30.1);
        Assert.InRange(figures.LongestFreeze, 0, 0.5);
        Assert.InRange(figures.Fit!.Value, 0.99, 1);
        Assert.InRange(figures.QueueP99, 0, 20);
        Assert.InRange(figures.Share * 50, 1.7, 2.1);
        Assert.InRange(viewer.Sound.Received, 970, 1000);
        Assert.InRange(viewer.Received[2] * 8 / 1e6 / 20, 1.5, 1.8);
        Assert.InRange(viewer.KeyFrameRequests, 0, 5);
    }

    [Theory]
    [InlineData(ViewerFeedback.Reports, 15, 40)]
    [InlineData(ViewerFeedback.Remb, 105, 140)]
    [InlineData(ViewerFeedback.TransportWide, 280, 340)]
    [InlineData(ViewerFeedback.Nothing, 0, 0)]
    public void Viewer_sends_back_what_its_model_says(ViewerFeedback feedback, int least, int most)
    {
        using var scenario = new BandwidthScenario(seed: 2, Wide);
        ModelViewer viewer = scenario.Watch(feedback: feedback);
        int rtcp = 0;
        viewer.Host.Tap = (datagram, _) => rtcp += DatagramClassifier.Classify(datagram.Span) == DatagramKind.Rtcp ? 1 : 0;
        scenario.RunTo(20);

        Assert.InRange(rtcp, least, most);
        Assert.Equal(feedback == ViewerFeedback.Remb, viewer.Estimates.Count > 0);
        Assert.All(viewer.Estimates.Zip(viewer.Estimates.Skip(1)),
            pair => Assert.InRange((pair.Second.Time - pair.First.Time).TotalMilliseconds, 204, 236));
    }

    /// <summary>The rates are the payload's, of the pictures that are no key frames: temporal layers have 0.4, 0.2 and 0.4 of it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Camera_sends_its_encodings_at_their_rates(int encoding)
    {
        using var scenario = new BandwidthScenario(seed: 3, Wide);
        scenario.RunTo(30);
        double[] bytes = new double[3], pictures = new double[3];
        foreach ((int temporal, int size) in scenario.Publisher.Sent(encoding).Where(picture => !picture.IsKey)
            .Select(picture => (picture.Temporal, picture.Bytes)))
        {
            bytes[temporal] += size;
            pictures[temporal]++;
        }

        double expected = VideoModel.Camera.Encodings[encoding].Megabits * 1e6 / 8 * 32;
        Assert.Equal(expected, bytes.Sum(), expected * 0.03);
        Assert.Equal([0.4, 0.2, 0.4], bytes.Select(layer => Math.Round(layer / bytes.Sum(), 1)));
        Assert.Equal([0.25, 0.25, 0.5], pictures.Select(layer => Math.Round(layer / pictures.Sum(), 2)));
        Assert.Equal(VideoModel.Camera.Encodings[encoding].KeyFrameBytes,
            scenario.Publisher.Sent(encoding).First(picture => picture.IsKey).Bytes);
    }

    /// <summary>Requests for key frames, one every 300 ms, would take 2.4 Mb/s.</summary>
    [Fact]
    public void Camera_keeps_to_its_rate_however_many_key_frames_are_asked_for()
    {
        using var scenario = new BandwidthScenario(seed: 6, new LinkOptions { Rate = RateTrace.Constant(0.5) });
        scenario.Watch();
        scenario.Watch();
        scenario.RunTo(30);

        double megabits = scenario.Publisher.Sent(2).Sum(picture => (double)picture.Bytes) * 8 / 1e6 / 32;
        Assert.InRange(megabits, 1.5, 1.7 * 1.1);
    }

    [Fact]
    public void Production_has_a_key_frame_every_two_seconds_and_four_megabits()
    {
        using var scenario = new BandwidthScenario(seed: 4, Wide, VideoModel.Production);
        ModelViewer viewer = scenario.Watch();
        scenario.RunTo(40);
        var figures = BandwidthFigures.Measure(scenario, 10, 40, static _ => 1);

        int keys = scenario.Publisher.Sent(0).Count(picture => picture.IsKey);
        Assert.InRange(keys - scenario.Publisher.KeyFrameRequests, 19, 23);
        Assert.Equal(VideoModel.Production.WireMegabits(0), figures.Share * 50, 0.3);
        Assert.InRange(figures.PicturesPerSecond, 28, 30.1);
        Assert.Equal(0, viewer.Decoder.Switches);
    }

    [Fact]
    public void Screen_moves_and_rests()
    {
        using var scenario = new BandwidthScenario(seed: 5, Wide, VideoModel.Screen);
        ModelViewer viewer = scenario.Watch();
        scenario.RunTo(60);

        LinkFlow flow = viewer.Host.DownstreamFlow!;
        double[] rates = [.. Enumerable.Range(5, 54).Select(
            second => flow.Megabits(TimeSpan.FromSeconds(second), TimeSpan.FromSeconds(second + 1)))];
        Assert.InRange(rates.Max(), 2.5, 3.8);
        Assert.InRange(Figures.Percentile(rates, 0.2), 0.05, 0.12);
        Assert.InRange(rates.Average(), 0.3, 1.5);
    }

    [Fact]
    public void Same_seed_gives_the_same_run_and_another_seed_another()
    {
        string[] rows = [.. new[] { 7, 7, 8 }.Select(seed => GoalCases.All[1].Run(seed).ToString())];

        Assert.Equal(rows[0], rows[1]);
        Assert.NotEqual(rows[0], rows[2]);
    }

    [Fact]
    public void Paused_viewer_gets_no_picture_and_others_do()
    {
        using var scenario = new BandwidthScenario(seed: 9, Wide, estimatesBandwidth: false);
        ModelViewer paused = scenario.Watch(), other = scenario.Watch();
        scenario.At(5, () => scenario.Pause(paused, isPaused: true));
        scenario.At(8, () => scenario.Pause(paused, isPaused: false));
        scenario.RunTo(12);

        MonotonicTime meanwhile = scenario.Start + TimeSpan.FromSeconds(7), after = scenario.Start + TimeSpan.FromSeconds(11);
        Assert.Equal((-1, 2), (paused.LayerAt(meanwhile), other.LayerAt(meanwhile)));
        Assert.Equal((2, 2), (paused.LayerAt(after), other.LayerAt(after)));
        Assert.Equal(0, paused.Sound.Lost);
    }

    [Theory]
    [InlineData(0.1, -1)]
    [InlineData(0.3, 0)]
    [InlineData(0.8, 1)]
    [InlineData(1.7, 1)]
    [InlineData(2.1, 2)]
    public void Best_that_fits_counts_headers_and_sound(double megabits, int encoding) =>
        Assert.Equal(encoding, BandwidthFigures.BestFit(VideoModel.Camera, megabits));

    [Fact]
    public void Books_tell_of_a_line_that_stands_still()
    {
        using var scenario = new BandwidthScenario(seed: 10, new LinkOptions
        {
            Rate = new RateTrace((0, 10), (10, 0), (14, 10)),
            QueueBytes = 20_000,
        });
        ModelViewer viewer = scenario.Watch(BandwidthScenario.WireOf(milliseconds: 20));
        scenario.RunTo(30);
        var figures = BandwidthFigures.Measure(scenario, 0, 30, static _ => 1, 0);

        Assert.InRange(figures.LongestFreeze, 4, 8);
        Assert.InRange(viewer.Sound.LongestGap.TotalSeconds, 3.9, 4.2);
        Assert.InRange(figures.SoundLost, 0.08, 0.15);
        Assert.Equal(-1, viewer.LayerAt(scenario.Start + TimeSpan.FromSeconds(12)));
    }

    [Fact]
    public void Table_has_a_row_for_each_case_with_a_cell_for_each_figure()
    {
        string row = BandwidthTable.Row(GoalCases.All[0], seeds: 2);

        Assert.Equal(BandwidthTable.Header.Split('\n')[0].Count(character => character == '|'), row.Count(character => character == '|'));
        Assert.StartsWith("| 1 | 10 Mb/s from the start |", row, StringComparison.Ordinal);
        string[] sections = [.. Enumerable.Range(1, 8).Select(section => $"5.{section}")];
        Assert.Equal(sections, BandwidthTable.Cases.Select(measured => measured.Number).Intersect(sections));
    }
}
