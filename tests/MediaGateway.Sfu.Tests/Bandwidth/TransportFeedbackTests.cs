using MediaGateway.Rtc.Bandwidth;
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
