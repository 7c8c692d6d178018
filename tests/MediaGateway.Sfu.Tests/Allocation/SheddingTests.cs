using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Sfu.Tests.Rooms;
using MediaGateway.Sfu.Tests.Scenarios;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>Tests of what shedding does to the packets sent, and of what it costs.</summary>
[Collection(AllocationCollection.Name)]
public sealed class SheddingTests
{
    private const int Viewers = 16;

    [Fact]
    public void Shed_viewer_is_sent_nothing_of_the_picture_at_once_and_a_key_frame_when_it_is_back()
    {
        using var scenario = new LiveStreamScenario(seed: 41);
        TestPublisher publisher = scenario.Publish();
        TestViewer[] viewers = [.. Enumerable.Range(0, Viewers).Select(_ => scenario.Watch())];
        scenario.Run(2);
        long sent = publisher.VideoPacketsSent;
        Raise(scenario.Gateway, level: 9);
        // What was under way, 10 ms a link.
        scenario.Run(0.05);
        int[] before = [.. viewers.Select(viewer => viewer.Video.Count)];
        scenario.Run(2);
        bool[] isShed = [.. viewers.Select((viewer, index) => viewer.Video.Count == before[index])];
        int shed = isShed.Count(left => left);
        Assert.InRange(shed, (Viewers / 2) - 1, (Viewers / 2) + 1);
        Assert.Equal(isShed, VideosOf(scenario).Select(video => video.IsShed));
        long packets = publisher.VideoPacketsSent - sent;
        Assert.InRange(scenario.Gateway.Worker.Drops[DropReason.Shed], (packets - 12) * shed, packets * shed);
        Assert.Equal(0, scenario.Gateway.Worker.Drops[DropReason.LayerMismatch]);

        int keyFrames = publisher.KeyFramesSent;
        Lower(scenario.Gateway);
        scenario.Run(2);
        Assert.All(Enumerable.Range(0, Viewers).Where(index => isShed[index]), index =>
            Assert.True(viewers[index].Video.Values.ElementAt(before[index]).Payload is { IsKey: true, Packet: 0 }));
        Assert.InRange(publisher.KeyFramesSent - keyFrames, 1, 4);
        Assert.All(viewers.Where((_, index) => !isShed[index]), viewer => LiveStreamScenario.AssertContinuous(viewer));
        Assert.All(viewers, LiveStreamScenario.AssertNoHoles);
        Assert.All(VideosOf(scenario), video => Assert.Equal(new LayerState(0, 0), video.Layers));
    }

    [Fact]
    public void Level_that_would_change_nothing_is_passed_over()
    {
        using var scenario = new LiveStreamScenario(seed: 42);
        scenario.Publish();
        scenario.Watch();
        scenario.Run(2);
        Assert.False(VideosOf(scenario).Single().IsShed);
        // One viewer, without layers: there is one level that makes a difference.
        Overload(scenario.Gateway, times: 2);
        Assert.InRange(scenario.Gateway.Worker.SheddingLevel, 6, 13);
        Assert.True(VideosOf(scenario).Single().IsShed);
        Overload(scenario.Gateway, times: 1);
        Assert.Equal(SheddingPlan.MaxLevel, scenario.Gateway.Worker.SheddingLevel);
    }

    [Fact]
    public void Upper_encoding_stops_at_once_and_not_at_the_lower_ones_key_frame()
    {
        using var meeting = new TestMeeting(seed: 43);
        TestSource video = meeting.Join("a").Publish(MediaKind.Video, isSimulcast: true);
        TestParticipant b = meeting.Join("b");
        meeting.Expect(() => b.ReceptionOf(video)?.Encoding == 2);
        meeting.RunSoundly(1);
        int before = video.Encodings[1].KeyFrameRequests;
        Raise(meeting.Gateway, level: 1);
        long packets = b.ReceptionOf(video)!.Packets;
        meeting.RunSoundly(0.02);
        Assert.InRange(b.ReceptionOf(video)!.Packets - packets, 0, 6);
        meeting.Expect(() => b.ReceptionOf(video)!.Encoding == 1);
        Assert.Equal(before + 1, video.Encodings[1].KeyFrameRequests);
        Assert.Equal(1, Subscription(meeting, video, b).Layers!.Value.Spatial);
        // Of the encoding that it would be sent, and of no other.
        long shed = meeting.Gateway.Worker.Drops[DropReason.Shed];
        int frames = video.Encodings[2].Frames.Count;
        meeting.RunSoundly(1);
        Assert.InRange(meeting.Gateway.Worker.Drops[DropReason.Shed] - shed, PacketsFrom(frames + 2), PacketsFrom(frames - 2));

        Lower(meeting.Gateway);
        meeting.Expect(() => b.ReceptionOf(video)!.Encoding == 2);
        Assert.Equal(0, b.ReceptionOf(video)!.Lost);

        int PacketsFrom(int frame) => video.Encodings[2].Frames.Skip(frame).Sum(sent => sent.Packets);
    }

    [Fact]
    public void What_a_subscriber_does_not_want_is_not_shed()
    {
        using var meeting = new TestMeeting(seed: 44);
        TestSource video = meeting.Join("a").Publish(MediaKind.Video);
        TestParticipant b = meeting.Join("b");
        meeting.ExpectMedia(b, video);
        b.Want(video.Sid!.Value, TrackSettings.Default with { Disabled = true });
        meeting.RunSoundly(0.5);
        Raise(meeting.Gateway, SheddingPlan.MaxLevel);
        meeting.RunSoundly(1);
        Assert.Equal(0, meeting.Gateway.Worker.Drops[DropReason.Shed]);
        Assert.False(Subscription(meeting, video, b).IsShed);
        Assert.Empty(b.Heard<RoomNotification.StreamStatesChanged>());
        b.Want(video.Sid!.Value, TrackSettings.Default);
        meeting.RunSoundly(1);
        Assert.True(Subscription(meeting, video, b).IsShed);
        Assert.True(b.Heard<RoomNotification.StreamStatesChanged>().Single().Streams.Single().Paused);
        Assert.True(meeting.Gateway.Worker.Drops[DropReason.Shed] > 0);
    }

    [Fact]
    public void Statistics_and_reasons_for_packets_that_are_not_sent_name_the_limit_in_force()
    {
        using var meeting = new TestMeeting(seed: 46);
        TestSource video = meeting.Join("a").Publish(MediaKind.Video, isSimulcast: true);
        TestParticipant b = meeting.Join("b");
        meeting.Expect(() => b.ReceptionOf(video)?.Encoding == 2);
        Assert.Equal(LimitCause.None, StatsOf(meeting, video, b).LimitedBy);

        b.Want(video.Sid!.Value, TrackSettings.Default with { Quality = VideoQuality.Medium });
        meeting.Expect(() => b.ReceptionOf(video)!.Encoding == 1);
        Assert.Equal(LimitCause.Wish, StatsOf(meeting, video, b).LimitedBy);
        var low = new TrackLimits(VideoQuality.Low, 0);
        meeting.AtGateway(() => meeting.Room!.FindTrack(video.Sid!.Value)!.SetLimits("", low, meeting.Now));
        meeting.Expect(() => b.ReceptionOf(video)!.Encoding == 0);
        Assert.Equal(LimitCause.Director, StatsOf(meeting, video, b).LimitedBy);
        Assert.Equal(0, meeting.Gateway.Worker.Drops[DropReason.Shed]);

        // The application limits to as little: overload takes nothing away before it pauses.
        Raise(meeting.Gateway, level: 4);
        meeting.RunSoundly(1);
        Assert.Equal(LimitCause.Overload, StatsOf(meeting, video, b).LimitedBy);
        Assert.Null(StatsOf(meeting, video, b).Layers);
        Assert.True(meeting.Gateway.Worker.Drops[DropReason.Shed] > 0);
        StreamStateInfo state = b.Heard<RoomNotification.StreamStatesChanged>().Single().Streams.Single();
        Assert.Equal(LimitCause.Overload, state.PausedBy);
        Lower(meeting.Gateway);
        meeting.RunSoundly(1);
        Assert.Equal(LimitCause.Director, StatsOf(meeting, video, b).LimitedBy);
        Assert.Equal(LimitCause.None, b.Heard<RoomNotification.StreamStatesChanged>().Last().Streams.Single().PausedBy);
    }

    [Fact]
    public void Viewers_of_a_stream_that_lives_on_another_worker_are_shed_by_their_own()
    {
        using var scenario = new LiveStreamScenario(seed: 47, workers: 2);
        scenario.Publish();
        (TestViewer away, TestViewer home) = (scenario.Watch(), scenario.Watch());
        scenario.Run(2);
        var worker = scenario.Gateway.Workers[1];
        while (worker.SheddingLevel < 13)
            worker.OnLoad(new WorkerLoad(1, 1, TimeSpan.FromSeconds(1), 1), scenario.Network.Now);
        scenario.Gateway.Hosts[1].Wake();
        scenario.Run(0.05);
        (int seenAway, int seenHome) = (away.Video.Count, home.Video.Count);
        scenario.Run(2);

        Assert.Equal(seenAway, away.Video.Count);
        Assert.True(home.Video.Count > seenHome + 100);
        Assert.True(worker.Drops[DropReason.Shed] > 0);
        Assert.Equal(0, scenario.Gateway.Worker.Drops[DropReason.Shed]);
        LiveStreamScenario.AssertNoHoles(home);
    }

    [Fact]
    public void Leaving_out_a_packet_and_looking_at_the_load_allocate_nothing()
    {
        using var scenario = new LiveStreamScenario(seed: 45);
        scenario.Publish();
        var publisher = scenario.LastHost!;
        for (int i = 0; i < Viewers; i++)
            scenario.Watch();
        scenario.Run(3);
        Raise(scenario.Gateway, level: 9);
        var datagrams = new List<byte[]>();
        publisher.Intercept = (slot, length) => datagrams.Add(slot[..length]);
        scenario.Run(12);
        var gateway = scenario.Gateway;
        long sent = 0;
        gateway.Host.Intercept = (_, _) => sent++;
        MonotonicTime now = scenario.Network.Now;
        Feed(0, datagrams.Count / 2);
        long sentBefore = sent, shedBefore = gateway.Worker.Drops[DropReason.Shed];
        int third = datagrams.Count / 6;
        long allocated =
            AllocatedBytes.LeastOf(time => Feed((datagrams.Count / 2) + (time * third), (datagrams.Count / 2) + ((time + 1) * third)));

        Assert.True(gateway.Worker.Drops[DropReason.Shed] - shedBefore > 1000 * Viewers / 2);
        Assert.True(sent - sentBefore > 1000 * Viewers / 2);
        Assert.Equal(0, allocated);

        void Feed(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                now += TimeSpan.FromMilliseconds(4);
                gateway.Worker.OnDatagram(datagrams[i], new NetworkPath(new EndpointId(0), publisher.Address), now);
                gateway.Worker.OnLoad(new WorkerLoad(0.95, 0.95, TimeSpan.Zero, 0), now);
                gateway.Worker.OnTick(now);
            }
        }
    }

    /// <summary>Has the worker believe that it is overloaded, until it has come to a level.</summary>
    private static void Raise(SimulatedGateway gateway, int level)
    {
        while (gateway.Worker.SheddingLevel < level)
            Overload(gateway, times: 1);
        Assert.Equal(level, gateway.Worker.SheddingLevel);
    }

    private static void Overload(SimulatedGateway gateway, int times)
    {
        for (int i = 0; i < times; i++)
            gateway.Worker.OnLoad(new WorkerLoad(1, 1, TimeSpan.FromSeconds(1), 1), gateway.Network.Now);
        gateway.Host.Wake();
    }

    private static void Lower(SimulatedGateway gateway)
    {
        for (MonotonicTime now = gateway.Network.Now; gateway.Worker.SheddingLevel > 0; now += TimeSpan.FromMilliseconds(100))
            gateway.Worker.OnLoad(new WorkerLoad(0.1, 0.1, TimeSpan.Zero, 0), now);
        gateway.Host.Wake();
    }

    private static Subscription[] VideosOf(LiveStreamScenario scenario) =>
    [
        .. scenario.Gateway.Worker.LiveStreams.Find(LiveStreamScenario.Stream)!.Viewers
            .SelectMany((Viewer viewer) => viewer.Subscriptions)
            .Where(subscription => subscription.Kind == MediaKind.Video),
    ];

    private static SubscriptionStats StatsOf(TestMeeting meeting, TestSource source, TestParticipant participant) => meeting.Room!
        .FindTrack(source.Sid!.Value)!.Subscriptions
        .Single(subscription => subscription.Subscriber.Identity == participant.Identity)
        .Measure();

    private static Subscription Subscription(TestMeeting meeting, TestSource source, TestParticipant participant) =>
        meeting.Room!.FindTrack(source.Sid!.Value)!.Subscriptions.Single(subscription =>
        subscription.Subscriber.Identity == participant.Identity).Subscription!;
}
