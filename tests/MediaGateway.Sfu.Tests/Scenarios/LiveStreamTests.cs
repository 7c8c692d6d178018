using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

public sealed class LiveStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Viewers_get_every_packet_from_a_key_frame_on_bit_for_bit(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 1, workers: workers);
        TestPublisher publisher = scenario.Publish();
        TestViewer early = scenario.Watch();
        scenario.Run(2);
        TestViewer late = scenario.Watch();
        scenario.Run(2);

        foreach (TestViewer viewer in new[] { early, late })
        {
            LiveStreamScenario.AssertContinuous(viewer);
            LiveStreamScenario.AssertNoHoles(viewer);
            Assert.True(viewer.Audio.Count > 80);
        }
        Assert.True(early.Video.Count > publisher.VideoPacketsSent * 0.9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Hundred_viewers_that_come_at_once_cost_the_publisher_few_key_frames(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 2, workers: workers);
        TestPublisher publisher = scenario.Publish();
        scenario.Run(1);
        for (int i = 0; i < 100; i++)
            scenario.Watch();
        int before = publisher.KeyFramesSent;
        scenario.Run(2);

        Assert.InRange(publisher.KeyFramesSent - before, 1, 8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Viewer_that_came_first_sees_the_publisher_when_it_comes(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 3, workers: workers);
        TestViewer viewer = scenario.Watch();
        scenario.Run(1);
        Assert.Equal(PeerTransportState.Connected, viewer.State);
        Assert.Empty(viewer.Video);
        scenario.Publish();
        scenario.Run(2);

        LiveStreamScenario.AssertContinuous(viewer);
        Assert.True(viewer.Video.Count > 200);
    }

    [Theory]
    [InlineData(CodecKind.Vp8, CodecKind.Vp8, 1)]
    [InlineData(CodecKind.Vp8, CodecKind.H264, 1)]
    [InlineData(CodecKind.H264, CodecKind.Vp8, 1)]
    [InlineData(CodecKind.Vp8, CodecKind.Vp8, 2)]
    [InlineData(CodecKind.Vp8, CodecKind.H264, 2)]
    [InlineData(CodecKind.H264, CodecKind.Vp8, 2)]
    public void Viewers_stream_runs_on_when_the_publisher_leaves_and_another_comes(CodecKind first, CodecKind second, int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 4, workers: workers);
        TestPublisher before = scenario.Publish(first, id: 1);
        TestViewer viewer = scenario.Watch();
        scenario.Run(2);
        before.Close(scenario.Network.Now);
        scenario.Run(1.5);
        scenario.Publish(second, id: 2);
        scenario.Run(2);

        LiveStreamScenario.AssertContinuous(viewer);
        LiveStreamScenario.AssertNoHoles(viewer);
        Assert.Equal([1, 2], viewer.Video.Values.Select(packet => (int)packet.Payload.Publisher).Distinct());
        AssertTimeWentOn(viewer, pause: 1.5);
        Assert.Equal(PeerTransportState.Connected, viewer.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Twenty_publishers_in_a_row_are_one_stream(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 5, workers: workers);
        TestViewer viewer = scenario.Watch();
        for (byte i = 1; i <= 20; i++)
        {
            scenario.Publish(i % 3 == 0 ? CodecKind.H264 : CodecKind.Vp8, id: i, takeOver: true);
            scenario.Run(0.7);
        }

        LiveStreamScenario.AssertContinuous(viewer);
        LiveStreamScenario.AssertNoHoles(viewer);
        Assert.Equal(20, viewer.Video.Values.Select(packet => packet.Payload.Publisher).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Successor_goes_on_air_only_once_connected(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 6, workers: workers);
        scenario.Publish(id: 1);
        PeerId first = scenario.LastId;
        TestViewer viewer = scenario.Watch();
        scenario.Run(1);
        scenario.Publish(id: 2, takeOver: true);
        scenario.Network.Remove(scenario.LastHost!);
        scenario.Run(5);

        Assert.DoesNotContain(first, scenario.Gateway.Closed.Keys);
        Assert.Equal(1, viewer.Video.Values.Last().Payload.Publisher);
        Assert.InRange((scenario.Network.Now - viewer.Video.Values.Last().Arrival).TotalMilliseconds, 0, 100);
    }

    [Fact]
    public void Second_publisher_without_takeover_is_refused_and_the_first_goes_on()
    {
        using var scenario = new LiveStreamScenario(seed: 7);
        scenario.Publish(id: 1);
        TestViewer viewer = scenario.Watch();
        scenario.Run(1);
        var second = new TestPublisher(scenario.Gateway.AddHost(), scenario.Gateway.Dtls, scenario.Gateway.Entropy, id: 2);
        (OpenResult result, _) = scenario.Gateway.Publish(LiveStreamScenario.Stream, second, scenario.Gateway.AddHost());
        scenario.Run(1);

        Assert.Equal(OpenResult.StreamHasPublisher, result);
        Assert.All(viewer.Video.Values, packet => Assert.Equal(1, packet.Payload.Publisher));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Publisher_that_changes_its_network_keeps_its_session(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 8, workers: workers);
        scenario.Publish();
        PeerId id = scenario.LastId;
        var host = scenario.LastHost!;
        TestViewer viewer = scenario.Watch();
        scenario.Run(6);
        scenario.Network.Move(host, TransportAddress.FromIPv4(0xC6336464, 50_000));
        scenario.Run(8);
        int after = viewer.Video.Count;
        scenario.Run(1);

        Assert.Empty(scenario.Gateway.Closed);
        Assert.Equal(TransportAddress.FromIPv4(0xC6336464, 50_000),
            scenario.Gateway.Worker.Peers.Find(id)!.Transport.Ice.SelectedPath!.Value.Remote);
        Assert.True(viewer.Video.Count > after + 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Viewer_that_changes_its_network_is_followed(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 9, workers: workers);
        scenario.Publish();
        TestViewer viewer = scenario.Watch();
        var host = scenario.LastHost!;
        scenario.Run(6);
        scenario.Network.Move(host, TransportAddress.FromIPv4(0xC6336465, 50_001));
        scenario.Run(8);
        int after = viewer.Video.Count;
        scenario.Run(1);

        Assert.True(viewer.Video.Count > after + 100);
        Assert.Equal(PeerTransportState.Connected, viewer.State);
    }

    [Fact]
    public void Path_in_use_is_not_given_to_a_peer_that_checks_with_its_address()
    {
        using var scenario = new LiveStreamScenario(seed: 13);
        scenario.Publish();
        TransportAddress publishersAddress = scenario.LastHost!.Address;
        TestViewer viewer = scenario.Watch();
        scenario.Run(2);
        int before = viewer.Video.Count;
        scenario.Gateway.Host.Receive(viewer.WriteCheck(), publishersAddress);
        scenario.Run(1);

        Assert.Equal(0, scenario.Gateway.Worker.Drops[DropReason.AuthFailed]);
        Assert.True(viewer.Video.Count > before + 100);
    }

    [Fact]
    public void Peer_that_falls_silent_expires_with_its_consent()
    {
        using var scenario = new LiveStreamScenario(seed: 10);
        scenario.Publish();
        PeerId id = scenario.LastId;
        scenario.Run(2);
        scenario.Network.Remove(scenario.LastHost!);
        scenario.Run(25);
        Assert.Empty(scenario.Gateway.Closed);
        scenario.Run(10);

        Assert.Equal(PeerCloseReason.ConsentExpired, scenario.Gateway.Closed[id]);
    }

    [Fact]
    public void Peer_that_never_checks_ends_with_the_connect_deadline()
    {
        using var scenario = new LiveStreamScenario(seed: 11);
        scenario.Watch();
        PeerId id = scenario.LastId;
        scenario.Network.Remove(scenario.LastHost!);
        scenario.Run(IceOptions.Default.ConnectTimeout.TotalSeconds + 1);

        Assert.Equal(PeerCloseReason.IceTimeout, scenario.Gateway.Closed[id]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Drain_tells_every_peer(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 12, workers: workers);
        TestPublisher publisher = scenario.Publish();
        TestViewer viewer = scenario.Watch();
        scenario.Run(1);
        scenario.Gateway.Drain();
        scenario.Run(0.1);

        Assert.Equal(PeerTransportState.Closed, publisher.State);
        Assert.Equal(PeerTransportState.Closed, viewer.State);
        Assert.All(scenario.Gateway.Closed.Values, reason => Assert.Equal(PeerCloseReason.ShuttingDown, reason));
    }

    /// <summary>Across the pause the timestamps advanced by the time that passed.</summary>
    private static void AssertTimeWentOn(TestViewer viewer, double pause)
    {
        ReceivedPacket before = viewer.Video.Values.Last(packet => packet.Payload.Publisher == 1);
        ReceivedPacket after = viewer.Video.Values.First(packet => packet.Payload.Publisher == 2);
        double timestamps = after.Timestamp.DistanceFrom(before.Timestamp) / 90_000.0;
        double arrivals = (after.Arrival - before.Arrival).TotalSeconds;
        Assert.InRange(timestamps, arrivals - 0.05, arrivals + 0.05);
        Assert.True(arrivals > pause);
    }
}
