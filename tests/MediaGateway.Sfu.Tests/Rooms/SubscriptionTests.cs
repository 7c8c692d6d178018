using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Tests that a subscriber gets what it wants and is allowed to have.</summary>
public sealed class SubscriptionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Muted_track_stops_whatever_its_publisher_sends_and_goes_on_at_a_key_frame(bool isSimulcast)
    {
        using var meeting = new TestMeeting(seed: 1);
        (TestParticipant a, TestParticipant b, TestSource video) = Call(meeting, isSimulcast);

        a.Mute(video, muted: true, keepsSending: true);
        meeting.Expect(() => b.Others[a.Remote!.Sid].Tracks[0].Muted);
        meeting.ExpectSilence(b, video);
        a.Mute(video, muted: false, keepsSending: true);

        meeting.ExpectMedia(b, video);
        Assert.Single(b.Receptions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Unsubscribed_track_stops_and_comes_again_when_subscribed(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 2);
        (_, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: true, isSingle);

        b.Subscribe(video.Sid!.Value, subscribe: false);
        meeting.ExpectSilence(b, video);
        b.Subscribe(video.Sid.Value, subscribe: true);

        meeting.ExpectMedia(b, video);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Answer_that_cannot_be_used_holds_up_nothing()
    {
        using var meeting = new TestMeeting(seed: 20);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b", single: false);
        meeting.Expect(() => b.HasChannels, limit: 20);
        b.AnswersBadly = true;
        TestSource first = a.Publish(MediaKind.Audio);
        meeting.Expect(() => b.Heard<RoomNotification.NegotiationFailed>().Any());
        meeting.RunSoundly(1);
        Assert.Single(b.Heard<RoomNotification.NegotiationFailed>());

        b.AnswersBadly = false;
        TestSource second = a.Publish(MediaKind.Video);

        meeting.ExpectMedia(b, first);
        meeting.ExpectMedia(b, second);
    }

    [Fact]
    public void Section_that_an_offer_gives_to_another_track_carries_that_one()
    {
        using var meeting = new TestMeeting(seed: 21);
        (TestParticipant a, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: false);

        TestSource other = a.Replace(video);

        meeting.ExpectMedia(b, other);
        Assert.Null(meeting.Room!.FindTrack(video.Sid!.Value));
        Assert.Equal(other.Sid, Assert.Single(b.Others[a.Remote!.Sid].Tracks).Sid);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Without_automatic_subscription_only_what_is_asked_for_comes()
    {
        using var meeting = new TestMeeting(seed: 3);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b", adjust: options => options with { AutoSubscribe = false });
        TestSource audio = a.Publish(MediaKind.Audio), video = a.Publish(MediaKind.Video);
        meeting.RunSoundly(1);
        Assert.Empty(b.Receptions);

        b.Subscribe(audio.Sid!.Value, subscribe: true);

        meeting.ExpectMedia(b, audio);
        Assert.Equal(0, b.Decoded(video));
    }

    [Fact]
    public void Limits_of_a_director_bind_one_subscriber_or_all_and_their_wishes_come_back_with_them()
    {
        using var meeting = new TestMeeting(seed: 22);
        (TestParticipant a, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: true);
        TestParticipant c = meeting.Join("c");
        meeting.Expect(() => b.ReceptionOf(video)?.Encoding == 2 && c.ReceptionOf(video)?.Encoding == 2);

        Limit("b", new TrackLimits(VideoQuality.Low, 0));
        meeting.Expect(() => b.ReceptionOf(video)!.Encoding == 0);
        Assert.Equal(2, c.ReceptionOf(video)!.Encoding);
        Limit("", new TrackLimits(VideoQuality.Medium, 0));
        meeting.Expect(() => c.ReceptionOf(video)!.Encoding == 1);
        Assert.Equal(0, b.ReceptionOf(video)!.Encoding);
        meeting.Expect(() => a.Heard<RoomNotification.SubscribedQualityChanged>().LastOrDefault()?.Enabled[VideoQuality.High] == false);

        Limit("b", new TrackLimits(VideoQuality.Off, 0));
        meeting.ExpectSilence(b, video);
        Limit("b", TrackLimits.None);
        Limit("", TrackLimits.None);
        meeting.Expect(() => b.ReceptionOf(video)!.Encoding == 2 && c.ReceptionOf(video)!.Encoding == 2);

        void Limit(string identity, TrackLimits limits) =>
            meeting.AtGateway(() => Assert.True(meeting.Room!.FindTrack(video.Sid!.Value)!.SetLimits(identity, limits, meeting.Now)));
    }

    [Theory]
    [InlineData(0, VideoQuality.High)]
    [InlineData(2_000_000, VideoQuality.High)]
    [InlineData(1_999_999, VideoQuality.Medium)]
    [InlineData(500_000, VideoQuality.Medium)]
    [InlineData(100, VideoQuality.Low)]
    public void Limit_in_bits_chooses_among_the_layers_that_were_declared(long bitrate, VideoQuality expected)
    {
        TrackLayers layers = new([
            new VideoLayer(VideoQuality.Low, 320, 180, 150_000, "q", 0), new VideoLayer(VideoQuality.Medium, 640, 360, 500_000, "h", 0),
                new VideoLayer(VideoQuality.High, 1280, 720, 2_000_000, "f", 0),
        ]);
        Assert.Equal(expected, layers.QualityOf(layers.Limit(TrackSettings.Default, new TrackLimits(null, bitrate))));
        Assert.Equal(VideoQuality.Off,
            layers.QualityOf(layers.Limit(TrackSettings.Default with { Disabled = true }, new TrackLimits(null, bitrate))));
    }

    [Fact]
    public void Quality_chooses_the_encoding_and_frame_rate_the_temporal_layers()
    {
        using var meeting = new TestMeeting(seed: 4);
        (_, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: true);
        TestReception reception = b.ReceptionOf(video)!;
        meeting.Expect(() => reception.Encoding == 2);

        b.Want(video.Sid!.Value, TrackSettings.Default with { Quality = VideoQuality.Low });
        meeting.Expect(() => reception.Encoding == 0);
        b.Want(video.Sid.Value, TrackSettings.Default with { Width = 640, Height = 360 });
        meeting.Expect(() => reception.Encoding == 1);
        b.Want(video.Sid.Value, TrackSettings.Default with { Quality = VideoQuality.High, FramesPerSecond = 5 });
        meeting.Expect(() => reception.Encoding == 2);
        meeting.RunSoundly(0.5);
        (int middle, int high) = (reception.FramesOfLayer[1], reception.FramesOfLayer[2]);
        meeting.ExpectMedia(b, video);
        Assert.Equal((middle, high), (reception.FramesOfLayer[1], reception.FramesOfLayer[2]));
        b.Want(video.Sid.Value, TrackSettings.Default);
        meeting.Expect(() => reception.FramesOfLayer[2] > high + 5);
    }

    [Fact]
    public void Disabled_track_stops_and_goes_on_in_the_same_stream()
    {
        using var meeting = new TestMeeting(seed: 5);
        (_, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: true);

        b.Want(video.Sid!.Value, TrackSettings.Default with { Disabled = true });
        meeting.ExpectSilence(b, video);
        b.Want(video.Sid.Value, TrackSettings.Default);

        meeting.ExpectMedia(b, video);
        Assert.Single(b.Receptions);
    }

    [Fact]
    public void Publisher_lets_and_no_longer_lets_subscribers_have_its_tracks()
    {
        using var meeting = new TestMeeting(seed: 6);
        (TestParticipant a, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: true);
        TestParticipant c = meeting.Join("c", single: false);
        meeting.ExpectMedia(c, video);

        a.Let("c");
        meeting.ExpectSilence(b, video);
        meeting.ExpectMedia(c, video);
        a.Let(null);
        meeting.ExpectMedia(b, video);

        Assert.Equal([false, true], b.Heard<RoomNotification.SubscriptionPermissionChanged>().Select(change => change.Allowed));
        Assert.Empty(c.Heard<RoomNotification.SubscriptionPermissionChanged>());
    }

    [Fact]
    public void Withdrawn_right_to_publish_ends_tracks_and_they_can_be_published_again_later()
    {
        using var meeting = new TestMeeting(seed: 7);
        (TestParticipant a, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: true);

        a.Permit(new ParticipantPermissions { CanPublish = false });
        meeting.ExpectSilence(b, video);
        Assert.Equal(video.Sid, Assert.Single(a.Heard<RoomNotification.TrackUnpublished>()).Track);
        RequestOutcome? outcome = null;
        a.Announce(video, result => outcome = result);
        meeting.Expect(() => outcome == RequestOutcome.NotAllowed);
        a.Permit(new ParticipantPermissions());
        TestSource again = a.Publish(MediaKind.Video);

        meeting.ExpectMedia(b, again);
    }

    [Fact]
    public void Withdrawn_right_to_subscribe_ends_subscriptions_and_given_back_begins_them()
    {
        using var meeting = new TestMeeting(seed: 8);
        (_, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: true);

        b.Permit(new ParticipantPermissions { CanSubscribe = false });
        meeting.ExpectSilence(b, video);
        b.Permit(new ParticipantPermissions());

        meeting.ExpectMedia(b, video);
    }

    [Fact]
    public void Only_allowed_sources_can_be_published()
    {
        using var meeting = new TestMeeting(seed: 9);
        TestParticipant a = meeting.Join("a", adjust: options => options with
        {
            Permissions = new ParticipantPermissions { CanPublishSources = [TrackSource.Microphone] },
        });
        TestParticipant b = meeting.Join("b");
        TestSource audio = a.Publish(MediaKind.Audio), video = a.Publish(MediaKind.Video, announces: false);
        RequestOutcome? outcome = null;
        a.Announce(video, result => outcome = result);

        meeting.ExpectMedia(b, audio);
        Assert.Equal(RequestOutcome.NotAllowed, outcome);
        Assert.Equal(0, b.Decoded(video));
    }

    [Fact]
    public void Publisher_is_told_which_layers_are_watched()
    {
        using var meeting = new TestMeeting(seed: 10);
        (TestParticipant a, TestParticipant b, TestSource video) = Call(meeting, isSimulcast: true);

        b.Want(video.Sid!.Value, TrackSettings.Default with { Quality = VideoQuality.Low });
        meeting.RunSoundly(2);
        Assert.DoesNotContain(a.Heard<RoomNotification.SubscribedQualityChanged>(), change => change.Enabled.ContainsValue(false));
        meeting.Expect(() => a.Heard<RoomNotification.SubscribedQualityChanged>().Any(change => change.Enabled.ContainsValue(false)));
        RoomNotification.SubscribedQualityChanged less = a.Heard<RoomNotification.SubscribedQualityChanged>().Last();
        Assert.Equal((true, false, false),
            (less.Enabled[VideoQuality.Low], less.Enabled[VideoQuality.Medium], less.Enabled[VideoQuality.High]));
        video.Encodings[1].IsPaused = video.Encodings[2].IsPaused = true;
        meeting.ExpectMedia(b, video);

        b.Want(video.Sid.Value, TrackSettings.Default);
        meeting.Expect(() => a.Heard<RoomNotification.SubscribedQualityChanged>().Last().Enabled.All(pair => pair.Value), limit: 0.1);
        video.Encodings[1].IsPaused = video.Encodings[2].IsPaused = false;
        meeting.Expect(() => b.ReceptionOf(video)!.Encoding == 2);
    }

    [Fact]
    public void Publisher_is_told_when_it_is_watched_first()
    {
        using var meeting = new TestMeeting(seed: 11);
        TestParticipant a = meeting.Join("a");
        TestSource video = a.Publish(MediaKind.Video);
        meeting.RunSoundly(1);
        Assert.Empty(a.Heard<RoomNotification.TrackSubscribed>());

        TestParticipant b = meeting.Join("b");

        meeting.ExpectMedia(b, video);
        Assert.Equal(video.Sid, Assert.Single(a.Heard<RoomNotification.TrackSubscribed>()).Track);
    }

    [Fact]
    public void Subscription_to_no_track_fails()
    {
        using var meeting = new TestMeeting(seed: 12);
        TestParticipant a = meeting.Join("a");
        var nothing = new TrackSid("TR_nothing");

        a.Subscribe(nothing, subscribe: true);
        meeting.RunSoundly(0.2);

        Assert.Equal(new RoomNotification.SubscriptionFailed(nothing, CodecUnsupported: false),
            Assert.Single(a.Heard<RoomNotification.SubscriptionFailed>()));
    }

    [Fact]
    public void Who_speaks_is_told_to_all_but_of_hidden_ones()
    {
        using var meeting = new TestMeeting(seed: 13);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b", single: false);
        TestParticipant hidden =
            meeting.Join("hidden", adjust: options => options with { Permissions = new ParticipantPermissions { Hidden = true } });
        a.Publish(MediaKind.Audio).Decibels = 10;
        hidden.Publish(MediaKind.Audio).Decibels = 10;

        foreach (TestParticipant listener in (TestParticipant[])[a, b, hidden])
            meeting.Expect(() => listener.Heard<RoomNotification.SpeakersChanged>()
                .Any(change => change.Speakers.Any(speaker => speaker.Participant == a.Remote!.Sid && speaker.Active)));
        a.Sources[0].Decibels = 127;
        meeting.Expect(() => b.Heard<RoomNotification.SpeakersChanged>().Last()
            .Speakers.Any(speaker => speaker.Participant == a.Remote!.Sid && !speaker.Active));
        Assert.All(b.Heard<RoomNotification.SpeakersChanged>(), change =>
            Assert.All(change.Speakers, speaker => Assert.Equal(a.Remote!.Sid, speaker.Participant)));
    }

    private static (TestParticipant Publisher, TestParticipant Subscriber, TestSource Video) Call(TestMeeting meeting, bool isSimulcast,
        bool isSingle = true)
    {
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b", isSingle);
        TestSource video = a.Publish(MediaKind.Video, isSimulcast: isSimulcast);
        meeting.ExpectMedia(b, video);
        return (a, b, video);
    }
}
