using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.LiveStreams;

public sealed class ProgramBusTests
{
    private static readonly SourceDescription.Slate Bars = new("bars", "", SlatePattern.Bars);

    [Theory]
    [InlineData(CodecKind.Vp8, CodecKind.Vp8, 1)]
    [InlineData(CodecKind.H264, CodecKind.H264, 1)]
    [InlineData(CodecKind.Vp8, CodecKind.H264, 1)]
    [InlineData(CodecKind.Vp8, CodecKind.Vp8, 2)]
    [InlineData(CodecKind.H264, CodecKind.H264, 2)]
    [InlineData(CodecKind.Vp8, CodecKind.H264, 2)]
    public void Cut_takes_the_preview_on_air_at_its_key_frame_without_a_pause(CodecKind first, CodecKind second, int workers)
    {
        using var scenario = new ProgramScenario(seed: 1, workers: workers);
        scenario.AddCamera(1, first);
        scenario.AddCamera(2, second);
        TestViewer viewer = scenario.Watch();
        scenario.RunUntil(() => scenario.State.Program == "cam1", 2);
        scenario.Run(1);
        MonotonicTime cut = scenario.Now;
        Assert.Equal(BusResult.Done, scenario.Stream.SetPreview("cam2", cut));
        Assert.Equal(BusResult.Done, scenario.Stream.Cut("cam1", cut));
        Assert.Equal("cam2", scenario.State.Pending);
        scenario.Run(1);

        Assert.Equal(("cam2", "cam1", ""), (scenario.State.Program, scenario.State.Preview, scenario.State.Pending));
        ProgramScenario.AssertOneStream(viewer);
        (int[] seen, double freeze) = ProgramScenario.Watched(viewer);
        Assert.Equal([1, 2], seen);
        Assert.InRange(freeze, 0, 0.1);
        Assert.Equal([1, 2], ProgramScenario.Heard(viewer));
        MonotonicTime shown = viewer.Video.Values.First(packet => packet.Payload.Publisher == 2).Arrival;
        MonotonicTime heard = viewer.Audio.Values.First(packet => packet.Payload.Publisher == 2).Arrival;
        Assert.InRange((shown - cut).TotalMilliseconds, 0, 150);
        Assert.InRange(Math.Abs((heard - shown).TotalMilliseconds), 0, 80);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Viewer_that_could_not_be_sent_a_source_goes_on_with_a_key_frame_and_without_a_hole(int workers)
    {
        using var scenario = new ProgramScenario(seed: 12, workers: workers);
        scenario.AddCamera(1);
        scenario.AddCamera(2, CodecKind.H264);
        TestViewer viewer = scenario.Watch("", CodecKind.Vp8);
        scenario.RunUntil(() => scenario.State.Program == "cam1", 2);
        scenario.Run(1);
        scenario.CutTo("cam2");
        scenario.Run(3);
        MonotonicTime back = scenario.Now;
        Assert.InRange((back - viewer.Video.Values.Last().Arrival).TotalSeconds, 1, 3);
        scenario.CutTo("cam1");
        scenario.Run(1);

        ProgramScenario.AssertOneStream(viewer);
        ReceivedPacket[] after = [.. viewer.Video.Values.Where(packet => packet.Arrival > back)];
        Assert.True(after[0].Payload is { Publisher: 1, IsKey: true, Packet: 0 });
        Assert.True(after.Length > 50, $"Only {after.Length} packets came back.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Hundred_cuts_are_one_stream_bit_for_bit(int workers)
    {
        using var scenario = new ProgramScenario(seed: 2, workers: workers);
        for (byte id = 1; id <= 4; id++)
            scenario.AddCamera(id, id % 2 == 0 ? CodecKind.H264
                : CodecKind.Vp8, new LinkConditions { Delay = TimeSpan.FromMilliseconds(id * 15), Jitter = TimeSpan.FromMilliseconds(5) });
        TestViewer viewer = scenario.Watch();
        scenario.RunUntil(() => scenario.State.Program == "cam1", 2);
        scenario.Run(1);
        for (int i = 1; i <= 100; i++)
        {
            scenario.CutTo($"cam{(i % 4) + 1}");
            scenario.Run(0.3);
        }

        ProgramScenario.AssertOneStream(viewer);
        (int[] seen, double freeze) = ProgramScenario.Watched(viewer);
        Assert.Equal(101, seen.Length);
        Assert.InRange(freeze, 0, 0.25);
        Assert.Equal(101, scenario.State.CutCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Sound_and_picture_stay_together_over_an_hour_of_cuts(int workers)
    {
        using var scenario = new ProgramScenario(seed: 3, workers: workers);
        scenario.AddCamera(1, link: new LinkConditions { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(10) });
        scenario.AddCamera(2, link: new LinkConditions { Delay = TimeSpan.FromMilliseconds(60), Jitter = TimeSpan.FromMilliseconds(20) });
        TestViewer viewer = scenario.Watch();
        scenario.RunUntil(() => scenario.State.Program == "cam1", 2);
        scenario.Run(1);
        double worst = 0;
        for (int minute = 0; minute < 60; minute++)
        {
            scenario.CutTo(minute % 2 == 0 ? "cam2" : "cam1");
            scenario.Run(30);
            worst = Math.Max(worst, Math.Abs(Skew(viewer).TotalMilliseconds));
            scenario.Run(30);
            viewer.Video.Clear();
            viewer.Audio.Clear();
        }
        Assert.InRange(worst, 0, 40);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Source_that_dies_on_air_is_followed_by_the_next_within_two_seconds(int workers)
    {
        using var scenario = new ProgramScenario(seed: 4, workers: workers);
        scenario.AddCamera(1);
        scenario.AddCamera(2);
        scenario.AddCamera(3);
        scenario.Stream.AddSource(Bars, scenario.Now);
        TestViewer viewer = scenario.Watch();
        scenario.Run(2);
        scenario.CutTo("cam2");
        scenario.Run(1);
        scenario.PullCable(2);
        MonotonicTime pulled = scenario.Now;
        scenario.RunUntil(() => scenario.State.Program == "cam3", 2);
        scenario.Run(1);

        ProgramScenario.AssertOneStream(viewer);
        (int[] seen, double freeze) = ProgramScenario.Watched(viewer, pulled + TimeSpan.FromMilliseconds(50));
        Assert.Equal([3], seen);
        Assert.InRange(freeze, 0, 0.2);
        Assert.InRange((viewer.Video.Values.First(packet => packet.Payload.Publisher == 3).Arrival - pulled).TotalSeconds, 0.9, 1.6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Slate_stands_in_when_the_last_source_dies_and_leaves_when_one_comes_back(int workers)
    {
        using var scenario = new ProgramScenario(seed: 5, workers: workers);
        scenario.AddCamera(1);
        scenario.Stream.AddSource(Bars, scenario.Now);
        TestViewer viewer = scenario.Watch();
        scenario.RunUntil(() => scenario.State.Program == "cam1", 3);
        scenario.Run(1);
        scenario.PullCable(1);
        scenario.RunUntil(() => scenario.State.Program == "bars", 2);
        scenario.Run(20);
        Assert.Equal(PeerTransportState.Connected, viewer.State);
        scenario.Run(15);
        scenario.AddCamera(1);
        scenario.RunUntil(() => scenario.State.Program == "cam1", 3);
        scenario.Run(1);

        ProgramScenario.AssertOneStream(viewer);
        Assert.Equal([1, TestSlates.PublisherId, 1], ProgramScenario.Watched(viewer).Seen);
        Assert.InRange(ProgramScenario.Watched(viewer).LongestFreeze, 0, 1.6);
    }

    [Fact]
    public void Slate_that_a_director_chose_stays_until_the_director_cuts()
    {
        using var scenario = new ProgramScenario(seed: 6);
        scenario.AddCamera(1);
        scenario.Stream.AddSource(Bars, scenario.Now);
        scenario.RunUntil(() => scenario.State.Program == "cam1", 3);
        Assert.Equal(BusResult.Done, scenario.Stream.SetProgram("bars", "", scenario.Now));
        scenario.Run(5);

        Assert.Equal("bars", scenario.State.Program);
        scenario.CutTo("cam1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Viewers_that_come_early_late_and_by_source_see_what_they_came_for(int workers)
    {
        using var scenario = new ProgramScenario(seed: 7, workers: workers);
        TestViewer early = scenario.Watch();
        scenario.Run(1);
        scenario.AddCamera(1);
        scenario.AddCamera(2);
        scenario.Run(2);
        TestViewer late = scenario.Watch();
        TestViewer monitor = scenario.Watch("cam2");
        scenario.Run(1);
        scenario.CutTo("cam2");
        scenario.CutTo("cam1");
        scenario.Run(1);

        Assert.Equal([1, 2, 1], ProgramScenario.Watched(early).Seen);
        Assert.Equal([1, 2, 1], ProgramScenario.Watched(late).Seen);
        Assert.Equal([2], ProgramScenario.Watched(monitor).Seen);
        Assert.All(new[] { early, late, monitor }, ProgramScenario.AssertOneStream);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Sound_can_be_taken_from_one_source_whatever_is_shown(int workers)
    {
        using var scenario = new ProgramScenario(seed: 8, workers: workers);
        scenario.AddCamera(1);
        scenario.AddCamera(2);
        TestViewer viewer = scenario.Watch();
        scenario.RunUntil(() => scenario.State.Program == "cam1", 2);
        scenario.Run(1);
        Assert.Equal(BusResult.Done, scenario.Stream.SetAudio("cam1", scenario.Now));
        scenario.CutTo("cam2");
        scenario.Run(1);
        Assert.Equal([1], ProgramScenario.Heard(viewer));
        Assert.Equal(BusResult.Done, scenario.Stream.SetAudio("", scenario.Now));
        scenario.Run(1);

        Assert.Equal([1, 2], ProgramScenario.Heard(viewer));
        Assert.Equal([1, 2], ProgramScenario.Watched(viewer).Seen);
        ProgramScenario.AssertOneStream(viewer);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Source_removed_on_air_is_followed_by_the_next(int workers)
    {
        using var scenario = new ProgramScenario(seed: 9, workers: workers);
        scenario.AddCamera(1);
        scenario.AddCamera(2);
        TestViewer viewer = scenario.Watch();
        scenario.RunUntil(() => scenario.State.Program == "cam1", 2);
        scenario.Run(1);
        Assert.Equal(BusResult.Done, scenario.Stream.RemoveSource("cam1", scenario.Now));
        scenario.Run(1);

        Assert.Equal("cam2", scenario.State.Program);
        Assert.Equal([1, 2], ProgramScenario.Watched(viewer).Seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Own_publisher_is_the_first_source(int workers)
    {
        using var scenario = new ProgramScenario(seed: 10, workers: workers);
        TestViewer viewer = scenario.Watch();
        scenario.Publish(ProgramScenario.Show, 9);
        scenario.AddCamera(1);
        scenario.Run(2);
        Assert.Equal(SourceDescription.OwnPublisherId, scenario.State.Program);
        scenario.CutTo("cam1");
        scenario.CutTo(SourceDescription.OwnPublisherId);
        scenario.Run(1);

        Assert.Equal([9, 1, 9], ProgramScenario.Watched(viewer).Seen);
        ProgramScenario.AssertOneStream(viewer);
    }

    [Fact]
    public void Commands_that_cannot_be_done_say_why_and_change_nothing()
    {
        using var scenario = new ProgramScenario(seed: 11);
        scenario.AddCamera(1);
        scenario.RunUntil(() => scenario.State.Program == "cam1", 3);
        scenario.Stream.AddSource(new SourceDescription.Publisher("dead", "", "nobody"), scenario.Now);
        LiveStream stream = scenario.Stream;
        MonotonicTime now = scenario.Now;

        Assert.Equal(BusResult.NoPreview, stream.Cut("", now));
        Assert.Equal(BusResult.SourceNotFound, stream.SetPreview("nothing", now));
        Assert.Equal(BusResult.SourceNotFound, stream.SetAudio("nothing", now));
        Assert.Equal(BusResult.SourceNotFound, stream.SetProgram("nothing", "", now));
        Assert.Equal(BusResult.SourceNotFound, stream.RemoveSource("nothing", now));
        Assert.Equal(BusResult.NotRemovable, stream.RemoveSource(SourceDescription.OwnPublisherId, now));
        Assert.Equal(BusResult.SourceExists, stream.AddSource(Bars with { Id = "cam1" }, now));
        Assert.Equal(BusResult.ProgramChanged, stream.SetProgram("cam1", "bars", now));
        Assert.Equal(BusResult.Done, stream.SetPreview("dead", now));
        Assert.Equal(BusResult.NotLive, stream.Cut("", now));
        Assert.Equal(BusResult.ProgramChanged, stream.Cut("dead", now));
        for (int i = stream.Snapshot().Sources.Length; i < 64; i++)
            Assert.Equal(BusResult.Done, stream.AddSource(Bars with { Id = $"bars{i}" }, now));
        Assert.Equal(BusResult.TooManySources, stream.AddSource(Bars, now));
        Assert.Equal(("cam1", "dead", "", ""),
            (scenario.State.Program, scenario.State.Preview, scenario.State.Pending, scenario.State.Audio));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cut_whose_key_frame_never_comes_is_given_up_and_the_program_goes_on(int workers)
    {
        using var scenario = new ProgramScenario(seed: 12, workers: workers);
        scenario.AddCamera(1);
        TestPublisher deaf = scenario.AddCamera(2);
        TestViewer viewer = scenario.Watch();
        scenario.RunUntil(() => scenario.State.Program == "cam1", 3);
        scenario.Run(1);
        deaf.IgnoresKeyFrameRequests = true;
        scenario.Stream.SetPreview("cam2", scenario.Now);
        Assert.Equal(BusResult.Done, scenario.Stream.Cut("", scenario.Now));
        scenario.Run(3);

        Assert.Equal(("cam1", "cam2", ""), (scenario.State.Program, scenario.State.Preview, scenario.State.Pending));
        Assert.Equal([1], ProgramScenario.Watched(viewer).Seen);
        Assert.InRange(ProgramScenario.Watched(viewer).LongestFreeze, 0, 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Deleted_stream_sends_its_peers_away_and_is_gone(int workers)
    {
        using var scenario = new ProgramScenario(seed: 13, workers: workers);
        TestViewer viewer = scenario.Watch();
        scenario.Publish(ProgramScenario.Show, 1);
        scenario.Run(1);
        scenario.Gateway.Worker.LiveStreams.Delete(scenario.Stream, scenario.Now);
        scenario.Run(0.2);

        Assert.Null(scenario.Gateway.Worker.LiveStreams.Find(ProgramScenario.Show));
        Assert.Equal(PeerTransportState.Closed, viewer.State);
        Assert.Equal([PeerCloseReason.StreamDeleted, PeerCloseReason.StreamDeleted], scenario.Gateway.Closed.Values);
        Assert.True(scenario.Gateway.StreamChanges[^1].IsEnded);
    }

    [Fact]
    public void Watching_a_source_that_is_not_there_is_refused()
    {
        using var scenario = new ProgramScenario(seed: 14);
        var host = scenario.Gateway.AddHost();
        using var viewer = new TestViewer(host, scenario.Gateway.Dtls, scenario.Gateway.Entropy);
        Assert.Equal(OpenResult.SourceNotFound, scenario.Gateway.Watch(ProgramScenario.Show, viewer, host, "nothing").Result);
    }

    /// <summary>Time between sound and picture that were captured at one moment, as a receiver plays them by the sender reports.</summary>
    private static TimeSpan Skew(TestViewer viewer)
    {
        return Delay(MediaKind.Video, viewer.Video.Values.Last()) - Delay(MediaKind.Audio, viewer.Audio.Values.Last());

        TimeSpan Delay(MediaKind kind, ReceivedPacket packet)
        {
            RtpReceiveStream stream = viewer.Transport.Rtp.Receivers.First(receiver => receiver.Kind == kind).Encodings[0];
            SenderReportInfo report = stream.LastSenderReport!.Value;
            NtpTime played = report.RemoteTime
                + TimeSpan.FromSeconds(packet.Timestamp.DistanceFrom(report.Timestamp) / (double)stream.ClockRate);
            return (played - default(NtpTime)) - (packet.Payload.SentAt - MonotonicTime.Zero);
        }
    }
}
