using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>Video that waits for room on its viewers' lines, while publishers come and go and the network loses packets.</summary>
public sealed class PacingTests
{
    /// <summary>Way of a packet on a perfect wire, from the publisher to the gateway and on, and a turn of the relay.</summary>
    private const double Wire = 25;

    private static readonly byte[][] Units = [Convert.FromHexString("6742E01F8C8D40F01E"), Convert.FromHexString("68CE3C80")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Stream_stays_whole_over_takeovers_whatever_the_line_carries(int workers)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            using var scenario = new LiveStreamScenario(seed, workers: workers, estimatesBandwidth: false);
            var random = new Random(seed);
            scenario.Publish();
            TestViewer viewer = scenario.Watch();
            Viewer peer = Find(scenario);
            for (byte id = 2; id <= 6; id++)
            {
                for (int i = 0; i < 8; i++)
                {
                    SetEstimate(scenario, peer, random.Next(5) == 0 ? null : 0.2 + random.NextDouble() * 2);
                    scenario.Run(random.NextDouble() / 3);
                }
                scenario.Publish(id: id, takeOver: true);
            }
            SetEstimate(scenario, peer, 0.5);
            scenario.Run(2);

            LiveStreamScenario.AssertContinuous(viewer);
            LiveStreamScenario.AssertNoHoles(viewer);
            double[] ways = [.. viewer.Video.Values.Select(packet => (packet.Arrival - packet.Payload.SentAt).TotalMilliseconds)];
            Assert.InRange(ways.Max(), 60, Wire + PacedStream.Limit.TotalMilliseconds + 5);
            Assert.Equal(0, scenario.Gateway.Workers.Sum(worker => worker.Drops[DropReason.PacingExpired]));
        }
    }

    [Fact]
    public void Pauses_leave_no_hole_while_packets_wait()
    {
        using var scenario = new LiveStreamScenario(seed: 30, estimatesBandwidth: false);
        scenario.Publish();
        TestViewer viewer = scenario.Watch();
        Viewer peer = Find(scenario);
        SetEstimate(scenario, peer, 0.4);
        for (int i = 0; i < 40; i++)
        {
            Pause(scenario, peer, isPaused: i % 2 == 1);
            scenario.Run(0.21);
        }
        Pause(scenario, peer, isPaused: false);
        scenario.Run(2);

        Assert.Equal(0, viewer.Damaged);
        LiveStreamScenario.AssertNoHoles(viewer);
        Assert.InRange(viewer.Video.Count(packet => packet.Value.Payload is { IsKey: true, Packet: 0 }), 20, 45);
    }

    /// <summary>See <see cref="RetransmissionTests"/>; here what is asked for again may still wait.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public void No_srtp_index_is_ever_used_for_two_datagrams(bool retransmission, int workers)
    {
        var lossy = new LinkConditions { Loss = 0.1, Delay = TimeSpan.FromMilliseconds(15), Jitter = TimeSpan.FromMilliseconds(20) };
        using var scenario = new LiveStreamScenario(seed: 31, lossy, workers: workers, estimatesBandwidth: false);
        var sent = new Dictionary<(uint Ssrc, ushort Number), byte[]>();
        scenario.Gateway.Hosts[^1].Tap = (datagram, _) =>
        {
            if (RtcpClassifier.IsRtcp(datagram.Span) || !RtpHeader.TryParse(datagram.Span, out RtpHeader header))
                return;
            var index = (header.Ssrc.Value, header.SequenceNumber.Value);
            if (sent.TryGetValue(index, out byte[]? before))
                Assert.Equal(before, datagram.ToArray());
            sent[index] = datagram.ToArray();
        };
        TestViewer? viewer = null;
        Viewer? peer = null;
        for (byte id = 1; id <= 3; id++)
        {
            scenario.Publish(id: id, takeOver: true);
            viewer ??= scenario.Watch(retransmission);
            SetEstimate(scenario, peer ??= Find(scenario), 0.4 * id);
            scenario.Run(4);
        }

        Assert.True(sent.Count > 1000);
        LiveStreamScenario.AssertContinuous(viewer!, lossy: true);
        long span = viewer!.Video.Keys.Last() - viewer.Video.Keys.First() + 1;
        Assert.InRange(viewer.Video.Count, span * 0.985, span);
    }

    [Fact]
    public void Parameter_sets_wait_with_the_key_frame_that_came_without()
    {
        using var scenario = new LiveStreamScenario(seed: 32, estimatesBandwidth: false);
        TestPublisher publisher = scenario.Publish(CodecKind.H264);
        publisher.Sets = [.. Units];
        scenario.Run(2);
        TestViewer viewer = scenario.Watch();
        Viewer peer = Find(scenario);
        SetEstimate(scenario, peer, 0.3);
        for (int i = 0; i < 4; i++)
        {
            scenario.Run(1);
            viewer.Transport.Rtp.RequestKeyFrame(
                viewer.Transport.Rtp.Receivers.First(receiver => receiver.Kind == MediaKind.Video).Encodings[0], scenario.Network.Now);
        }
        scenario.Run(1);

        LiveStreamScenario.AssertContinuous(viewer);
        LiveStreamScenario.AssertNoHoles(viewer);
        long[] keys = [.. viewer.Video.Where(packet => packet.Value.Payload is { IsKey: true, Packet: 0 }).Select(packet => packet.Key)];
        Assert.InRange(keys.Length, 4, 6);
        Assert.All(keys, key => Assert.True(viewer.Sets.ContainsKey(key - 1), "A key frame without its parameter sets."));
    }

    private static Viewer Find(LiveStreamScenario scenario) => scenario.Gateway.Workers
        .Select(worker => worker.Peers.Find(scenario.LastId)).OfType<Viewer>().Single();

    private static void SetEstimate(LiveStreamScenario scenario, Viewer viewer, double? megabits) => viewer.Downlink.SetEstimate(
        megabits is { } rate ? new Bitrate((long)(rate * 1e6)) : null, scenario.Network.Now);

    private static void Pause(LiveStreamScenario scenario, Viewer viewer, bool isPaused)
    {
        foreach (Subscription subscription in viewer.Subscriptions.Where(subscription => subscription.Kind == MediaKind.Video))
        {
            subscription.SetLimit(
                new LayerLimit(isPaused ? MaxLayers.None : MaxLayers.All, LimitCause.Wish), scenario.Network.Now);
        }
    }
}
