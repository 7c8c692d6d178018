using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Bandwidth;
using MediaGateway.Testing.Links;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>
/// Probes are filled with packets of the receiver's own video once more, then with padding; never in the media's own numbers.
/// </summary>
public sealed class FillerTests
{
    private const int Due = 1200;

    [Fact]
    public void Newest_packets_go_again_on_the_rtx_stream_each_once_and_then_padding()
    {
        using var call = new PacedCall(estimates: true);
        Filler filler = FillerOf(call);
        call.SetEstimate(null);
        call.Receive(call.Picture(10, isKey: true));
        ushort[] media = [.. call.SentTo(0).Select(packet => packet.Number)];

        PacedCall.SentMedia[] first = Send(call, filler, 6);
        call.Receive(call.Picture(3));
        PacedCall.SentMedia[] second = Send(call, filler, 8);

        Assert.All([.. first, .. second], packet => Assert.True(packet.IsRetransmission));
        Assert.Equal(media.Reverse().Take(6).Select(number => (ushort?)number), first.Select(packet => packet.Original));
        ushort last = media[^1];
        ushort?[] expected = [.. media.Reverse().Skip(6), (ushort)(last + 3), (ushort)(last + 2), (ushort)(last + 1)];
        Assert.Equal(expected, second[..7].Select(packet => packet.Original));
        Assert.All(second[7..], packet => Assert.Null(packet.Original));
        Assert.Equal(13, call.SentTo(0).Count(packet => !packet.IsRetransmission));
        Assert.Equal(0, VideoOf(call).Sender.Stream.PacketsResent);
    }

    [Fact]
    public void Padding_fills_before_the_first_packet_and_small_gaps()
    {
        using var call = new PacedCall(estimates: true);
        Filler filler = FillerOf(call);
        Assert.All(Send(call, filler, 2), packet => Assert.Equal((true, null), (packet.IsRetransmission, packet.Original)));

        call.Receive(call.Picture(3, isKey: true));
        Assert.All(Send(call, filler, 2, due: 200), packet => Assert.Equal((true, null), (packet.IsRetransmission, packet.Original)));
    }

    [Fact]
    public void Packet_that_waits_is_no_filler()
    {
        using var call = new PacedCall(estimates: true);
        Filler filler = FillerOf(call);
        call.SetEstimate(0.8);
        call.Receive(call.Picture(82, isKey: true));
        ushort[] media = [.. call.SentTo(0).Select(packet => packet.Number)];
        PacedCall.SentMedia[] sent = Send(call, filler, 5);

        Assert.Equal(media.Reverse().Select(number => (ushort?)number),
            sent.Select(packet => packet.Original).TakeWhile(original => original is not null));
        call.Run(300);
        ushort[] numbers = [.. call.SentTo(0).Where(packet => !packet.IsRetransmission).Select(packet => packet.Number)];
        Assert.Equal(Enumerable.Range(0, 82).Select(i => (ushort)(media[0] + i)), numbers);
    }

    [Fact]
    public void Viewer_without_rtx_gets_none()
    {
        using var call = new PacedCall(estimates: true);
        var filler = new Filler();
        filler.Add(call.Viewer(0).Subscriptions.Single(subscription => subscription.Kind == MediaKind.Audio));
        Assert.False(filler.TrySend(Due, call.Call.Now));
    }

    /// <summary>
    /// A viewer on a line of 5 Mb/s that is sent the lowest encoding, or nothing: probes show the rate that the best one needs, and what
    /// plays does not notice. Nothing is filled before there is a goal, and nothing once it is gone.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Probe_is_filled_until_the_goal_is_shown(bool isPaused)
    {
        const int Goal = 2_200_000;
        using var scenario = new BandwidthScenario(seed: 21, new LinkOptions { Rate = RateTrace.Constant(5) });
        ModelViewer viewer = scenario.Watch(feedback: ViewerFeedback.TransportWide);
        Viewer peer = scenario.PeerOf(viewer);
        CongestionController congestion = peer.Transport.Rtp.Congestion;
        Subscription picture = peer.Subscriptions.Single(subscription => subscription.Kind == MediaKind.Video);
        MaxLayers layers = isPaused ? MaxLayers.None : MaxLayers.All with { Spatial = 0 };
        picture.SetLimit(new LayerLimit(layers, LimitCause.Wish), scenario.Network.Now);
        scenario.RunTo(4);
        Assert.Equal(0, congestion.FillerBytesSent);

        SetDemand(Goal * 11 / 10);
        Assert.True(scenario.Network.RunUntil(() => congestion.Estimate?.BitsPerSecond >= Goal, TimeSpan.FromSeconds(20)),
            $"The probes have shown {congestion.Estimate}.");
        Assert.InRange(congestion.FillerBytesSent, 2_000, 300_000);

        SetDemand(0);
        scenario.Network.Run(TimeSpan.FromSeconds(1));
        long filler = congestion.FillerBytesSent;
        scenario.Network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(filler, congestion.FillerBytesSent);
        Assert.Equal(0, viewer.Sound.Lost);
        Assert.InRange(viewer.Sound.QueueDelays(scenario.Start, MonotonicTime.Never).Max(), 0, 60);
        if (!isPaused)
            Assert.InRange(viewer.Freezes.Longest.TotalSeconds, 0, 0.3);

        void SetDemand(long goal)
        {
            congestion.SetDemand(new Bitrate(250_000), new Bitrate(goal), new Bitrate(Goal), scenario.Network.Now);
            peer.AfterEvent(scenario.Network.Now);
            scenario.Gateway.Host.Wake();
        }
    }

    private static Filler FillerOf(PacedCall call)
    {
        var filler = new Filler();
        filler.Add(VideoOf(call));
        return filler;
    }

    private static Subscription VideoOf(PacedCall call) =>
        call.Viewer(0).Subscriptions.Single(subscription => subscription.Kind == MediaKind.Video);

    /// <summary>Sends filler so many times; returns what has left.</summary>
    private static PacedCall.SentMedia[] Send(PacedCall call, Filler filler, int times, int due = Due)
    {
        int before = call.SentTo(0).Length;
        for (int i = 0; i < times; i++)
            Assert.True(filler.TrySend(due, call.Call.Now));
        call.Take();
        return call.SentTo(0)[before..];
    }
}
