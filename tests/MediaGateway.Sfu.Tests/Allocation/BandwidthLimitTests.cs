using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Sfu.Tests.Rooms;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>Tests of what a limit of bandwidth does to the packets sent, beside the other limits.</summary>
public sealed class BandwidthLimitTests
{
    [Fact]
    public void Video_that_the_line_does_not_carry_is_announced_as_paused_and_counted_as_such_and_comes_back()
    {
        using var meeting = new TestMeeting(seed: 61);
        TestSource video = meeting.Join("a").Publish(MediaKind.Video);
        TestParticipant b = meeting.Join("b");
        meeting.ExpectMedia(b, video);
        Limit(meeting, video, b, MaxLayers.None);
        meeting.RunSoundly(1);

        Assert.Null(Subscription(meeting, video, b).Layers);
        Assert.Equal(LimitCause.Bandwidth, b.Heard<RoomNotification.StreamStatesChanged>().Single().Streams.Single().PausedBy);
        Assert.True(meeting.Gateway.Worker.Drops[DropReason.BandwidthLimited] > 0);
        Assert.Equal(0, meeting.Gateway.Worker.Drops[DropReason.Shed]);

        Limit(meeting, video, b, MaxLayers.All);
        meeting.RunSoundly(1);
        Assert.NotNull(Subscription(meeting, video, b).Layers);
        Assert.False(b.Heard<RoomNotification.StreamStatesChanged>().Last().Streams.Single().Paused);
    }

    /// <summary>Trap 23: a pause by the line and one by the client overlap, and either ends without the other.</summary>
    [Fact]
    public void Wish_of_a_client_outlives_a_pause_by_the_line()
    {
        using var meeting = new TestMeeting(seed: 62);
        TestSource video = meeting.Join("a").Publish(MediaKind.Video);
        TestParticipant b = meeting.Join("b");
        meeting.ExpectMedia(b, video);
        Limit(meeting, video, b, MaxLayers.None);
        meeting.RunSoundly(0.5);
        b.Want(video.Sid!.Value, TrackSettings.Default with { Disabled = true });
        meeting.RunSoundly(0.5);
        Assert.Equal(LimitCause.Wish, Subscription(meeting, video, b).Limit.Cause);

        Limit(meeting, video, b, MaxLayers.All);
        meeting.RunSoundly(0.5);
        Assert.Null(Subscription(meeting, video, b).Layers);
        b.Want(video.Sid!.Value, TrackSettings.Default);
        meeting.RunSoundly(1);
        Assert.NotNull(Subscription(meeting, video, b).Layers);
        Assert.False(b.Heard<RoomNotification.StreamStatesChanged>().Last().Streams.Single().Paused);
    }

    private static void Limit(TestMeeting meeting, TestSource video, TestParticipant subscriber, MaxLayers layers) =>
        meeting.AtGateway(() =>
            Subscription(meeting, video, subscriber).SetLimit(new LayerLimit(layers, LimitCause.Bandwidth), meeting.Now));

    private static Subscription Subscription(TestMeeting meeting, TestSource video, TestParticipant subscriber) =>
        meeting.Room!.FindTrack(video.Sid!.Value)!.Subscriptions.Single(subscription =>
        subscription.Subscriber.Identity == subscriber.Identity).Subscription!;
}
