using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Quality;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Tests of what participants, operators and back ends learn about lines that do not carry everything.</summary>
public sealed class LineTests
{
    [Fact]
    public void Line_that_keeps_pictures_small_or_away_costs_bars_and_everybody_is_told_why()
    {
        using var meeting = new TestMeeting(seed: 71);
        TestParticipant a = meeting.Join("a");
        TestSource video = a.Publish(MediaKind.Video, isSimulcast: true);
        TestParticipant b = meeting.Join("b");
        meeting.Expect(() => b.ReceptionOf(video)?.Encoding == 2);
        meeting.Expect(() => InfoOf(b, b).Quality == ConnectionQuality.Excellent, limit: 10);

        Limit(meeting, video, b, MaxLayers.All with { Spatial = 1 });
        meeting.Expect(() => InfoOf(a, b) is { Quality: ConnectionQuality.Good, Line.Shortage: { Limited: 1, Paused: 0 } }, limit: 6);
        meeting.Expect(() => b.ReceptionOf(video)!.Encoding == 1);
        Assert.Equal(InfoOf(b, b).Line.Shortage, InfoOf(a, b).Line.Shortage);
        Assert.Equal((1, 0), Shortage(Line(meeting, b)));

        Limit(meeting, video, b, MaxLayers.None);
        meeting.Expect(() => InfoOf(a, b) is { Quality: ConnectionQuality.Poor, Line.Shortage: { Limited: 1, Paused: 1 } }, limit: 6);
        Assert.Equal((1, 1), Shortage(Line(meeting, b)));
        SubscriptionStats stats = Track(meeting, video, b).Measure();
        Assert.Equal((true, LimitCause.Bandwidth, null), (stats.IsPaused, stats.LimitedBy, stats.Layers));

        Limit(meeting, video, b, MaxLayers.All);
        meeting.Expect(() => InfoOf(a, b) is { Quality: ConnectionQuality.Excellent, Line.Shortage: { Limited: 0, Paused: 0 } }, limit: 30);
        Assert.False(Track(meeting, video, b).Measure().IsPaused);
        Assert.Equal(ConnectionQuality.Excellent, InfoOf(b, a).Quality);
    }

    [Fact]
    public void Only_the_participant_itself_is_told_what_its_line_carries()
    {
        var line = new LineInfo(new Bitrate(800_000), new VideoShortage(2, 1));
        var info = new ConnectionQualityInfo(new ParticipantSid("PA_1"), ConnectionQuality.Good, 3.5f, line);

        Assert.Equal(info with { Line = new LineInfo(null, new VideoShortage(2, 1)) }, info.ForOthers);
    }

    [Theory]
    [InlineData(800_000, 860_000, false)]
    [InlineData(800_000, 890_000, true)]
    [InlineData(800_000, 710_000, true)]
    [InlineData(null, 800_000, true)]
    [InlineData(800_000, null, true)]
    [InlineData(null, null, false)]
    public void Participant_is_told_of_another_estimate_when_it_differs_by_a_tenth(int? told, int? now, bool isTold)
    {
        var shortage = new VideoShortage(1, 0);
        Assert.Equal(isTold, new LineInfo(RateOf(now), shortage).Differs(new LineInfo(RateOf(told), shortage)));
        Assert.True(new LineInfo(RateOf(now), default).Differs(new LineInfo(RateOf(told), shortage)));
        Assert.False(new LineInfo(RateOf(now), new VideoShortage(3, 0)).DiffersForOthers(new LineInfo(RateOf(told), shortage)));
        Assert.True(new LineInfo(RateOf(now), new VideoShortage(1, 1)).DiffersForOthers(new LineInfo(RateOf(told), shortage)));
    }

    [Fact]
    public void Lines_and_limited_videos_of_a_worker_are_counted_once_a_second()
    {
        using var meeting = new TestMeeting(seed: 72);
        TestSource one = meeting.Join("a").Publish(MediaKind.Video);
        TestSource other = meeting.Join("b").Publish(MediaKind.Video);
        TestParticipant c = meeting.Join("c");
        meeting.ExpectMedia(c, one);
        meeting.ExpectMedia(c, other);
        Limit(meeting, one, c, MaxLayers.None);
        c.Want(other.Sid!.Value, TrackSettings.Default with { Quality = VideoQuality.Low });
        meeting.RunSoundly(0.5);

        LineCensus census = meeting.Gateway.Worker.Lines;
        meeting.AtGateway(() => meeting.Gateway.Worker.OnLoad(default, meeting.Now));
        Assert.Equal((1, 1), (census.Limited(LimitCause.Bandwidth), census.Paused(LimitCause.Bandwidth)));
        Assert.Equal((1, 0), (census.Limited(LimitCause.Wish), census.Paused(LimitCause.Wish)));
        Assert.Equal(0, census.Limited(LimitCause.Overload));
        Assert.Equal(3, Enum.GetValues<Rtc.Bandwidth.FeedbackKind>().Sum(census.Lines));

        // Nothing is counted twice within a second, and who has left is not counted any more.
        c.Leave();
        meeting.RunSoundly(0.2);
        meeting.AtGateway(() => meeting.Gateway.Worker.OnLoad(default, meeting.Now));
        Assert.Equal(1, census.Paused(LimitCause.Bandwidth));
        meeting.RunSoundly(1);
        meeting.AtGateway(() => meeting.Gateway.Worker.OnLoad(default, meeting.Now));
        Assert.Equal(0, census.Paused(LimitCause.Bandwidth));
    }

    private static Bitrate? RateOf(int? bitsPerSecond) => bitsPerSecond is { } rate ? new Bitrate(rate) : null;

    private static (int, int) Shortage(LineStats line) => (line.LimitedVideos, line.PausedVideos);

    /// <summary>The last that a participant was told of another, or of itself.</summary>
    private static ConnectionQualityInfo InfoOf(TestParticipant told, TestParticipant about) => told
        .Heard<RoomNotification.ConnectionQualityChanged>()
        .SelectMany(change => change.Participants)
        .LastOrDefault(info => info.Participant == about.Remote!.Sid);

    private static LineStats Line(TestMeeting meeting, TestParticipant participant) =>
        meeting.Room!.Participants.Single(member => member.Identity == participant.Identity).MeasureLine()!.Line;

    private static TrackSubscription Track(TestMeeting meeting, TestSource video, TestParticipant subscriber) => meeting.Room!
        .FindTrack(video.Sid!.Value)!.Subscriptions.Single(subscription => subscription.Subscriber.Identity == subscriber.Identity);

    private static void Limit(TestMeeting meeting, TestSource video, TestParticipant subscriber, MaxLayers layers) =>
        meeting.AtGateway(() =>
            Track(meeting, video, subscriber).Subscription!.SetLimit(new LayerLimit(layers, LimitCause.Bandwidth), meeting.Now));
}
