using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Bandwidth;
using MediaGateway.Testing.Links;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Bandwidth;

/// <summary>Viewers that number their reports as browsers do: the gateway knows the fate of all that it has sent to them.</summary>
public sealed class TransportFeedbackTests
{
    private static readonly LinkOptions Wide = new() { Rate = RateTrace.Constant(50) };

    [Theory]
    [InlineData(62)]
    [InlineData(51)]
    [InlineData(250)]
    public void All_that_arrives_is_acknowledged(int milliseconds)
    {
        using var scenario = new BandwidthScenario(seed: 4, Wide);
        ModelViewer viewer = Watch(scenario, BandwidthScenario.WireOf(50), milliseconds);
        scenario.RunTo(20);

        CongestionController congestion = scenario.PeerOf(viewer).Transport.Rtp.Congestion;
        // The last ones have not been reported yet.
        Assert.InRange(congestion.PacketsAcknowledged, congestion.PacketsNumbered - 200, congestion.PacketsNumbered - 1);
        Assert.Equal((0, 0, 0), (congestion.PacketsLost, congestion.ArrivalsUnmatched, congestion.FeedbackReportsLost));
        Assert.InRange(congestion.BytesInFlight, 1, 200_000);
        Assert.InRange(congestion.FeedbackReports, 20_000 / milliseconds * 0.8, 20_000 / milliseconds * 1.1);
        Assert.InRange(congestion.SentRate.BitsPerSecond / 1e6, 1.4, 2.6);
        Assert.Equal((FeedbackKind.TransportWide, false), (congestion.Feedback, congestion.IsCongested));
        Assert.InRange(congestion.QueueDelay.TotalMilliseconds, 0, 16);
        Assert.InRange(congestion.RoundTrip!.Value.TotalMilliseconds, 95, 125);
    }

    [Fact]
    public void Viewer_with_an_estimate_of_its_own_is_believed()
    {
        using var scenario = new BandwidthScenario(seed: 9, new LinkOptions { Rate = RateTrace.Constant(1) });
        ModelViewer viewer = scenario.Watch(feedback: ViewerFeedback.Remb);
        scenario.RunTo(20);

        CongestionController congestion = scenario.PeerOf(viewer).Transport.Rtp.Congestion;
        Assert.Equal((FeedbackKind.Remb, 0L), (congestion.Feedback, congestion.PacketsNumbered));
        Assert.InRange(congestion.Estimate!.Value.BitsPerSecond, 30_000, viewer.Estimates.Max(sent => sent.Estimate.BitsPerSecond));
    }

    [Fact]
    public void Estimate_that_nobody_asked_for_is_not_believed()
    {
        using var scenario = new BandwidthScenario(seed: 10, Wide);
        ModelViewer viewer = scenario.Watch(feedback: ViewerFeedback.TransportWide);
        scenario.RunTo(5);
        CongestionController congestion = scenario.PeerOf(viewer).Transport.Rtp.Congestion;
        Bitrate? before = congestion.Estimate;

        scenario.At(5, () => viewer.SendMaximum(new Bitrate(50_000)));
        scenario.At(5.1, () => viewer.SendMaximum(new Bitrate(900_000_000)));
        scenario.RunTo(5.3);

        Assert.InRange(congestion.Estimate!.Value.BitsPerSecond, before!.Value.BitsPerSecond * 0.9, before.Value.BitsPerSecond * 1.2);
    }

    [Fact]
    public void Viewer_that_sends_nothing_has_no_limit()
    {
        using var scenario = new BandwidthScenario(seed: 11, Wide);
        ModelViewer viewer = scenario.Watch(feedback: ViewerFeedback.Nothing);
        scenario.RunTo(10);

        CongestionController congestion = scenario.PeerOf(viewer).Transport.Rtp.Congestion;
        Assert.Equal((FeedbackKind.None, null), (congestion.Feedback, congestion.Estimate));
    }

    [Fact]
    public void Feedback_that_was_agreed_on_and_does_not_come_leaves_reports_to_judge_by()
    {
        using var scenario = new BandwidthScenario(seed: 12, Wide);
        ModelViewer viewer = scenario.Watch(feedback: ViewerFeedback.TransportWide, interval: TimeSpan.FromHours(1));
        scenario.RunTo(0.9);
        CongestionController congestion = scenario.PeerOf(viewer).Transport.Rtp.Congestion;
        Assert.NotNull(congestion.Estimate);
        scenario.RunTo(8);

        Assert.Equal((FeedbackKind.ReceiverReports, null), (congestion.Feedback, congestion.Estimate));
        Assert.InRange(congestion.PacketsNumbered, 1_000, 10_000);
    }

    [Theory]
    [InlineData(0.02, 62)]
    [InlineData(0.1, 62)]
    [InlineData(0.1, 250)]
    public void Lost_packets_are_counted_whatever_of_the_feedback_is_lost(double loss, int milliseconds)
    {
        for (int seed = 5; seed < 8; seed++)
        {
            using var scenario = new BandwidthScenario(seed, Wide);
            var ledger = new IndexLedger();
            scenario.Gateway.Host.Tap = (datagram, _) => ledger.Add(datagram.Span);
            ModelViewer viewer = Watch(scenario, BandwidthScenario.WireOf(50) with { Loss = loss }, milliseconds);
            scenario.RunTo(20);

            CongestionController congestion = scenario.PeerOf(viewer).Transport.Rtp.Congestion;
            long told = congestion.PacketsAcknowledged + congestion.PacketsLost;
            Assert.InRange(told, congestion.PacketsNumbered * (1 - loss * 1.8) - 200, congestion.PacketsNumbered);
            Assert.InRange(congestion.PacketsLost / (double)told, loss * 0.75, loss * 1.25);
            Assert.InRange(congestion.FeedbackReportsLost, 1, congestion.FeedbackReports);
            Assert.Equal((0, 0), (congestion.ArrivalsUnmatched, ledger.Repeated));
            Assert.InRange(ledger.Count, congestion.PacketsNumbered, congestion.PacketsNumbered + 1);
        }
    }

    private static ModelViewer Watch(BandwidthScenario scenario, LinkConditions wire, int milliseconds) =>
        scenario.Watch(wire, ViewerFeedback.TransportWide, interval: TimeSpan.FromMilliseconds(milliseconds));
}
