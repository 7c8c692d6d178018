using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

/// <summary>
/// A live stream on one worker and some of its viewers on another. The scenarios that ask for nothing more than what all
/// viewers get are with the others, on one worker and on two: <see cref="LiveStreamTests"/>, <see cref="LossyNetworkTests"/>.
/// </summary>
public sealed class RelayTests
{
    private static readonly LinkConditions Lossy = new() { Loss = 0.1, Delay = TimeSpan.FromMilliseconds(15) };

    [Fact]
    public void Viewers_on_both_workers_get_the_same()
    {
        using var scenario = new LiveStreamScenario(seed: 41, workers: 2);
        scenario.Publish();
        (TestViewer away, TestViewer home) = (scenario.Watch(), scenario.Watch());
        scenario.Run(3);

        foreach (TestViewer viewer in new[] { away, home })
        {
            LiveStreamScenario.AssertContinuous(viewer);
            LiveStreamScenario.AssertNoHoles(viewer);
        }
        MonotonicTime begin = scenario.Network.Now - TimeSpan.FromSeconds(2);
        Assert.Equal(Seen(home.Video, begin), Seen(away.Video, begin));
        Assert.Equal(Seen(home.Audio, begin), Seen(away.Audio, begin));
        Assert.Equal(scenario.Gateway.Worker.Relay.PacketsSent, scenario.Gateway.Workers[1].Relay.PacketsReceived);
        Assert.InRange(scenario.Gateway.Workers[1].Relay.PacketsReceived, away.Video.Count + away.Audio.Count, long.MaxValue);
    }

    [Fact]
    public void Viewer_loss_is_mended_by_the_worker_that_the_viewer_is_on()
    {
        using var scenario = new LiveStreamScenario(seed: 42, workers: 2);
        TestPublisher publisher = scenario.Publish();
        scenario.Link = Lossy;
        TestViewer viewer = scenario.Watch();
        int media = 0;
        scenario.Gateway.Host.Tap = (datagram, _) => media += DatagramClassifier.Classify(datagram.Span) == DatagramKind.Rtp
            && !RtcpClassifier.IsRtcp(datagram.Span) ? 1 : 0;
        scenario.Run(8);

        LiveStreamScenario.AssertContinuous(viewer, lossy: true);
        long span = viewer.Video.Keys.Last() - viewer.Video.Keys.First() + 1;
        Assert.True(scenario.Network.DatagramsLost > 200, "Nothing was lost: nothing was tested.");
        Assert.True(viewer.Video.Count > span * 0.995, $"{viewer.Video.Count} of {span} packets.");
        Assert.Equal(0, media);
        // Each packet crossed once, whatever was sent again.
        Assert.InRange(scenario.Gateway.Worker.Relay.PacketsSent, 1, publisher.VideoPacketsSent + (long)(8.1 * 50));
    }

    [Fact]
    public void Stream_counts_and_measures_its_viewers_wherever_they_are()
    {
        using var scenario = new LiveStreamScenario(seed: 43, workers: 3);
        scenario.Publish();
        TestViewer[] viewers = [.. Enumerable.Range(0, 7).Select(_ => scenario.Watch())];
        scenario.Run(1);
        LiveStream stream = scenario.Gateway.Worker.LiveStreams.Find(LiveStreamScenario.Stream)!;
        Assert.Equal(7, stream.Snapshot().ViewerCount);
        Assert.Equal(7, scenario.Gateway.StreamChanges[^1].ViewerCount);
        Assert.Equal([2, 3, 2], new[] { stream.Viewers.Count }.Concat(scenario.Gateway.Workers.Skip(1)
            .Select(worker => worker.Mirrors.Find(LiveStreamScenario.Stream)!.Viewers.Count)));

        LiveStreamStats stats = scenario.Gateway.Workers.Skip(1)
            .Aggregate(stream.Measure(), (sum, worker) => sum.With(worker.Mirrors.Find(LiveStreamScenario.Stream)!.Measure()));
        Assert.Equal(7, stats.ViewerCount);
        Assert.InRange(stats.PacketsSent, viewers.Sum(viewer => viewer.Video.Count + viewer.Audio.Count), long.MaxValue);
        Assert.NotNull(stats.LongestRoundTrip);

        foreach (TestViewer viewer in viewers.Take(5))
            viewer.Close(scenario.Network.Now);
        scenario.Run(1);
        Assert.Equal(2, stream.Snapshot().ViewerCount);
        Assert.Equal(2, scenario.Gateway.StreamChanges[^1].ViewerCount);
    }

    [Fact]
    public void Worker_whose_last_viewer_left_is_sent_nothing_more()
    {
        using var scenario = new LiveStreamScenario(seed: 44, workers: 2);
        scenario.Publish();
        TestViewer away = scenario.Watch();
        scenario.Run(1);
        away.Close(scenario.Network.Now);
        scenario.Run(0.1);
        long sent = scenario.Gateway.Worker.Relay.PacketsSent;
        Assert.InRange(sent, 100, long.MaxValue);
        Assert.Equal(0, scenario.Gateway.Workers.Sum(worker => worker.Mirrors.PublicationCount));
        Assert.Empty(scenario.Gateway.Workers[1].Mirrors.All);
        scenario.Run(1);
        Assert.Equal(sent, scenario.Gateway.Worker.Relay.PacketsSent);
    }

    [Fact]
    public void Stream_lives_as_long_as_somebody_watches_it_anywhere()
    {
        using var scenario = new LiveStreamScenario(seed: 45, workers: 2);
        TestPublisher publisher = scenario.Publish();
        TestViewer away = scenario.Watch();
        scenario.Run(1);
        publisher.Close(scenario.Network.Now);
        scenario.Run(1);
        Assert.NotNull(scenario.Gateway.Worker.LiveStreams.Find(LiveStreamScenario.Stream));
        away.Close(scenario.Network.Now);
        scenario.Run(1);

        Assert.Null(scenario.Gateway.Worker.LiveStreams.Find(LiveStreamScenario.Stream));
        Assert.True(scenario.Gateway.StreamChanges[^1].IsEnded);
    }

    [Fact]
    public void Stream_that_is_deleted_while_viewers_come_leaves_nothing_behind()
    {
        using var scenario = new LiveStreamScenario(seed: 46, workers: 2);
        scenario.Publish();
        scenario.Watch();
        scenario.Run(1);
        PeerId late = default;
        for (int i = 0; i < 4; i++)
        {
            scenario.Watch();
            late = i % 2 == 1 ? scenario.LastId : late;
        }
        scenario.Gateway.Worker.LiveStreams.Delete(scenario.Gateway.Worker.LiveStreams.Find(LiveStreamScenario.Stream)!,
            scenario.Network.Now);
        scenario.Run(0.5);

        Assert.Equal(PeerCloseReason.StreamDeleted, scenario.Gateway.Closed[late]);
        Assert.Equal(0, scenario.Gateway.CountLeftOver());
        Assert.Equal(1, scenario.Gateway.StreamChanges.Count(change => change.IsEnded));
        TestViewer next = scenario.Watch();
        scenario.Publish();
        scenario.Run(1);
        LiveStreamScenario.AssertContinuous(next);
    }

    [Fact]
    public void Worker_that_is_too_slow_costs_its_own_viewers_a_pause_and_the_others_nothing()
    {
        using var scenario = new LiveStreamScenario(seed: 47, workers: 2, relayCapacity: 1 << 16);
        TestPublisher publisher = scenario.Publish();
        (TestViewer away, TestViewer home) = (scenario.Watch(), scenario.Watch());
        scenario.Run(2);
        scenario.Gateway.Hosts[1].IsStalled = true;
        int keyFrames = publisher.KeyFramesSent;
        scenario.Run(3);
        long dropped = scenario.Gateway.Worker.Drops[DropReason.RelayFull];
        Assert.InRange(dropped, 300, long.MaxValue);
        Assert.Equal(keyFrames, publisher.KeyFramesSent);
        scenario.Gateway.Hosts[1].IsStalled = false;
        MonotonicTime resumed = scenario.Network.Now;
        scenario.Run(2);

        LiveStreamScenario.AssertContinuous(home);
        LiveStreamScenario.AssertNoHoles(home);
        LiveStreamScenario.AssertContinuous(away);
        Assert.Equal(dropped, scenario.Gateway.Worker.Drops[DropReason.RelayFull]);
        ReceivedPacket begin = away.Video.Values.First(packet => packet.Arrival > resumed && packet.Payload is { IsKey: true, Packet: 0 });
        Assert.InRange((begin.Arrival - resumed).TotalMilliseconds, 0, 300);
        Assert.InRange(publisher.KeyFramesSent - keyFrames, 1, 3);
        int after = away.Video.Values.Count(packet => packet.Arrival >= begin.Arrival);
        Assert.Equal(after, home.Video.Values.Count(packet => packet.Payload.SentAt >= begin.Payload.SentAt));
    }

    [Fact]
    public void What_is_told_while_a_worker_is_too_slow_arrives()
    {
        using var scenario = new LiveStreamScenario(seed: 48, workers: 2, relayCapacity: 1 << 14);
        scenario.Publish(id: 1);
        TestViewer away = scenario.Watch();
        scenario.Run(1);
        scenario.Gateway.Hosts[1].IsStalled = true;
        for (byte id = 2; id <= 30; id++)
        {
            scenario.Publish(id: id, takeOver: true);
            scenario.Run(0.2);
        }
        scenario.Gateway.Hosts[1].IsStalled = false;
        scenario.Run(1);

        LiveStreamScenario.AssertContinuous(away);
        Assert.Equal(30, away.Video.Values.Last().Payload.Publisher);
        Assert.Equal(4, scenario.Gateway.Workers.Sum(worker => worker.Mirrors.PublicationCount));
    }

    [Fact]
    public void However_much_is_told_while_a_worker_stands_still_its_viewers_get_what_is_on_air_then()
    {
        using var scenario = new LiveStreamScenario(seed: 53, workers: 2, relayCapacity: 1 << 13);
        scenario.Publish();
        (TestViewer away, TestViewer home) = (scenario.Watch(), scenario.Watch());
        using var other = new TestViewer(scenario.Gateway.AddHost(), scenario.Gateway.Dtls, scenario.Gateway.Entropy);
        (_, PeerId otherId) = scenario.Gateway.WatchOn(1, "other", other, scenario.Gateway.AddHost());
        scenario.Run(1);
        MediaWorker worker = scenario.Gateway.Worker;
        LiveStream stream = worker.LiveStreams.Find(LiveStreamScenario.Stream)!;
        Assert.Equal(BusResult.Done, stream.AddSource(new SourceDescription.Slate("slate", "", SlatePattern.Bars), scenario.Network.Now));
        scenario.Gateway.Hosts[1].IsStalled = true;
        for (int i = 0; i < 1_500; i++)
        {
            string next = i % 2 == 0 ? "slate" : SourceDescription.OwnPublisherId;
            stream.SetAudio(next, scenario.Network.Now);
            stream.SetProgram(next, "", scenario.Network.Now);
            scenario.Network.Run(TimeSpan.FromMilliseconds(i % 20));
        }
        worker.LiveStreams.Delete(worker.LiveStreams.Find("other")!, scenario.Network.Now);
        Assert.Equal(0, worker.Relay.StatesSent);
        scenario.Gateway.Hosts[1].IsStalled = false;
        scenario.Run(1);

        Assert.Equal(1, worker.Relay.StatesSent);
        Assert.Equal(PeerCloseReason.StreamDeleted, scenario.Gateway.Closed[otherId]);
        Assert.Equal(Last(home), Last(away));
        LiveStreamScenario.AssertContinuous(away);
        LiveStreamScenario.AssertNoHoles(away);
        Assert.Equal(2 * worker.Mirrors.PublicationCount, scenario.Gateway.Workers.Sum(each => each.Mirrors.PublicationCount));

        static (byte, uint, byte) Last(TestViewer viewer)
        {
            TestPayload payload = viewer.Video.Values.Last().Payload;
            return (payload.Publisher, payload.Frame, payload.Packet);
        }
    }

    [Fact]
    public void Home_that_stands_still_counts_the_viewers_elsewhere_once_it_goes_on()
    {
        using var scenario = new LiveStreamScenario(seed: 54, workers: 2, relayCapacity: 1 << 13);
        scenario.Publish();
        TestViewer away = scenario.Watch();
        scenario.Run(1);
        scenario.Gateway.Host.IsStalled = true;
        List<TestViewer> viewers = [];
        RelayTable elsewhere = scenario.Gateway.Workers[1].Mirrors;
        for (int i = 0; i < 600; i++)
        {
            var viewer = new TestViewer(scenario.Gateway.AddHost(), scenario.Gateway.Dtls, scenario.Gateway.Entropy);
            viewers.Add(viewer);
            scenario.Gateway.WatchOn(1, $"stream-{i % 200}", viewer, scenario.Gateway.AddHost());
            if (i >= 50)
                elsewhere.Find($"stream-{(i - 50) % 200}")?.Viewers[0].Close(PeerCloseReason.ClosedByClient, scenario.Network.Now);
            scenario.Network.Run(TimeSpan.FromMilliseconds(1));
        }
        scenario.Gateway.Host.IsStalled = false;
        scenario.Run(1);

        Assert.Equal(1, scenario.Gateway.Workers[1].Relay.StatesSent);
        Assert.InRange(elsewhere.All.Count, 10, 100);
        Assert.Equal(
            elsewhere.All.ToDictionary(stream => stream.Name, stream => stream.Viewers.Count),
            scenario.Gateway.Worker.LiveStreams.All.ToDictionary(stream => stream.Name, stream => stream.ViewerCount));
        int seen = away.Video.Count;
        scenario.Run(1);
        Assert.InRange(away.Video.Count, seen + 30, int.MaxValue);
        viewers.ForEach(viewer => viewer.Dispose());
    }

    [Fact]
    public void Worker_that_drains_sends_its_viewers_away_and_the_others_stay()
    {
        using var scenario = new LiveStreamScenario(seed: 49, workers: 2);
        scenario.Publish();
        (TestViewer away, TestViewer home) = (scenario.Watch(), scenario.Watch());
        scenario.Run(1);
        scenario.Gateway.Workers[1].Drain(scenario.Network.Now);
        scenario.Gateway.Hosts[1].Wake();
        scenario.Run(1);

        Assert.Equal(PeerTransportState.Closed, away.State);
        Assert.Equal([PeerCloseReason.ShuttingDown], scenario.Gateway.Closed.Values);
        Assert.Equal(1, scenario.Gateway.Worker.LiveStreams.Find(LiveStreamScenario.Stream)!.Snapshot().ViewerCount);
        LiveStreamScenario.AssertNoHoles(home);
        Assert.InRange((scenario.Network.Now - home.Video.Values.Last().Arrival).TotalMilliseconds, 0, 100);
    }

    [Fact]
    public void Bug_while_forwarding_on_one_worker_is_told_and_costs_viewers_on_others_nothing()
    {
        using var scenario = new LiveStreamScenario(seed: 50, workers: 2);
        scenario.Publish();
        (TestViewer away, TestViewer home) = (scenario.Watch(), scenario.Watch());
        scenario.Run(1);
        int seen = away.Video.Count;
        bool isFailing = true;
        scenario.Gateway.Hosts[1].Tap = (datagram, _) =>
        {
            if (isFailing && datagram.Length > 200)
                throw new InvalidOperationException("a bug");
        };
        scenario.Network.Run(TimeSpan.FromSeconds(1));
        isFailing = false;
        scenario.Network.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(["a bug"], scenario.Gateway.Faults.Select(fault => fault.Message));
        scenario.Gateway.Faults.Clear();
        LiveStreamScenario.AssertNoHoles(home);
        Assert.InRange(away.Video.Count, seen, seen + 60);
        Assert.Equal(PeerTransportState.Connected, away.State);
        // What is on air next is forwarded again.
        scenario.Publish(id: 2, takeOver: true);
        scenario.Run(1);
        LiveStreamScenario.AssertContinuous(away);
        Assert.Equal(2, away.Video.Values.Last().Payload.Publisher);
    }

    [Fact]
    public void Source_of_a_stream_cannot_be_watched_from_another_worker()
    {
        using var scenario = new LiveStreamScenario(seed: 51, workers: 2);
        scenario.Publish();
        using var viewer = new TestViewer(scenario.Gateway.AddHost(), scenario.Gateway.Dtls, scenario.Gateway.Entropy);
        (OpenResult result, _) =
            scenario.Gateway.WatchOn(1, LiveStreamScenario.Stream, viewer, scenario.Gateway.AddHost(), SourceDescription.OwnPublisherId);
        scenario.Run(0.1);

        Assert.Equal(OpenResult.SourceNotFound, result);
        Assert.Empty(scenario.Gateway.Workers[1].Mirrors.All);
    }

    [Fact]
    public void Viewers_of_many_workers_cost_the_publisher_few_key_frames()
    {
        using var scenario = new LiveStreamScenario(seed: 52, workers: 5);
        TestPublisher publisher = scenario.Publish();
        scenario.Run(1);
        int before = publisher.KeyFramesSent;
        TestViewer[] viewers = [.. Enumerable.Range(0, 100).Select(_ => scenario.Watch())];
        scenario.Run(2);

        Assert.InRange(publisher.KeyFramesSent - before, 1, 8);
        Assert.All(viewers, viewer => LiveStreamScenario.AssertContinuous(viewer));
        Assert.All(viewers, LiveStreamScenario.AssertNoHoles);
    }

    private static IEnumerable<TestPayload> Seen(SortedDictionary<long, ReceivedPacket> packets, MonotonicTime from) =>
        packets.Values.Select(packet => packet.Payload).Where(payload => payload.SentAt >= from);
}
