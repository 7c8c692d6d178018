using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Participants see and hear each other, whatever way they connect and announce.</summary>
public sealed class MeetingTests
{
    public static TheoryData<bool, bool> Modes => new() { { true, true }, { false, false }, { true, false }, { false, true } };

    [Theory]
    [MemberData(nameof(Modes))]
    public void Two_participants_see_and_hear_each_other(bool firstIsSingle, bool secondIsSingle)
    {
        using var meeting = new TestMeeting(seed: 1);
        TestParticipant a = meeting.Join("a", firstIsSingle), b = meeting.Join("b", secondIsSingle);
        TestSource[] ofA = [a.Publish(MediaKind.Audio), a.Publish(MediaKind.Video, isSimulcast: true)];
        TestSource[] ofB = [b.Publish(MediaKind.Audio), b.Publish(MediaKind.Video, CodecKind.H264)];

        foreach (TestSource source in ofA)
            meeting.ExpectMedia(b, source);
        foreach (TestSource source in ofB)
            meeting.ExpectMedia(a, source);

        Assert.Equal(ParticipantState.Active, b.Others[a.Remote!.Sid].State);
        Assert.Equal(2, b.Others[a.Remote.Sid].Tracks.Length);
        meeting.AssertNothingLeaks();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Late_joiner_gets_what_is_there_already(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 2);
        TestParticipant a = meeting.Join("a");
        TestSource audio = a.Publish(MediaKind.Audio), video = a.Publish(MediaKind.Video, isSimulcast: true);
        meeting.RunSoundly(2);

        TestParticipant late = meeting.Join("late", isSingle);

        Assert.Equal(a.Remote!.Sid, Assert.Single(late.Outcome!.Others).Sid);
        meeting.ExpectMedia(late, audio, limit: 2);
        meeting.ExpectMedia(late, video, limit: 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Track_announced_after_its_section_was_negotiated_is_published_then(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 3);
        TestParticipant a = meeting.Join("a", isSingle), b = meeting.Join("b", isSingle);
        TestSource video = a.Publish(MediaKind.Video, announces: false);
        meeting.RunSoundly(1);
        Assert.Empty(b.Receptions);

        a.Announce(video);

        meeting.ExpectMedia(b, video);
        Assert.Equal(video.Cid, Assert.Single(a.Heard<RoomNotification.TrackPublished>()).Cid);
    }

    [Fact]
    public void Track_whose_id_differs_in_the_description_is_matched_by_kind()
    {
        using var meeting = new TestMeeting(seed: 4);
        TestParticipant firefox = meeting.Join("firefox"), b = meeting.Join("b");
        TestSource audio = firefox.Publish(MediaKind.Audio, describedCid: "{a}"),
            video = firefox.Publish(MediaKind.Video, describedCid: "{v}");

        meeting.ExpectMedia(b, audio);
        meeting.ExpectMedia(b, video);
    }

    [Fact]
    public void Plain_page_publishes_without_announcing()
    {
        using var meeting = new TestMeeting(seed: 5);
        TestParticipant page = meeting.Join("page", adjust: options => options with { PublishesUnannounced = true }), b = meeting.Join("b");
        TestSource audio = page.Publish(MediaKind.Audio, announces: false), video = page.Publish(MediaKind.Video, announces: false);

        meeting.ExpectMedia(b, audio);
        meeting.ExpectMedia(b, video);
        Assert.Equal(
            [TrackSource.Camera, TrackSource.Microphone],
            b.Others[page.Remote!.Sid].Tracks.Select(track => track.Source).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Unpublished_track_ends_for_all_and_its_section_is_used_again(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 6);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b", isSingle);
        TestSource first = a.Publish(MediaKind.Video);
        meeting.ExpectMedia(b, first);
        int sections = b.Receiving.Session!.LocalDescription.Media.Length;

        a.Unpublish(first);
        meeting.Expect(() => b.Others[a.Remote!.Sid].Tracks.IsEmpty);
        meeting.ExpectSilence(b, first);
        TestSource second = a.Publish(MediaKind.Video, CodecKind.H264);
        meeting.ExpectMedia(b, second);

        Assert.Equal(sections, b.Receiving.Session.LocalDescription.Media.Length);
        meeting.AssertNothingLeaks();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void More_tracks_than_sections_are_served_after_another_offer(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 7);
        TestParticipant viewer = meeting.Join("viewer", isSingle);
        TestSource[] sources =
            [.. Enumerable.Range(0, 6).Select(i => meeting.Join($"p{i}", i % 2 == 0).Publish(i < 3 ? MediaKind.Audio : MediaKind.Video))];

        foreach (TestSource source in sources)
            meeting.ExpectMedia(viewer, source);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Publisher_that_leaves_while_an_offer_is_under_way_leaves_nothing(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 8);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b", isSingle), c = meeting.Join("c");
        meeting.Expect(() => a.Up.IsConnected && b.Receiving.IsConnected);
        meeting.SignalDelay = TimeSpan.FromMilliseconds(200);
        a.Publish(MediaKind.Video);
        meeting.Expect(() => a.Remote!.Publications.Any());
        meeting.AtGateway(() => a.Remote!.Leave(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect, meeting.Now));

        TestSource next = c.Publish(MediaKind.Video);

        meeting.ExpectMedia(b, next);
        Assert.DoesNotContain(a.Remote!.Sid, b.Others.Keys);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Track_in_a_codec_the_subscriber_lacks_is_refused_and_the_others_come()
    {
        using var meeting = new TestMeeting(seed: 9);
        TestParticipant a = meeting.Join("a"), single = meeting.Join("single"), dual = meeting.Join("dual", single: false);
        single.VideoCodecs = dual.VideoCodecs = [CodecKind.H264];
        TestSource vp8 = a.Publish(MediaKind.Video, CodecKind.Vp8), h264 = a.Publish(MediaKind.Video, CodecKind.H264);

        foreach (TestParticipant viewer in (TestParticipant[])[single, dual])
        {
            meeting.ExpectMedia(viewer, h264);
            RoomNotification.SubscriptionFailed failed = Assert.Single(viewer.Heard<RoomNotification.SubscriptionFailed>());
            Assert.Equal(new RoomNotification.SubscriptionFailed(vp8.Sid!.Value, CodecUnsupported: true), failed);
        }
    }

    [Fact]
    public void Participant_may_have_64_tracks()
    {
        using var meeting = new TestMeeting(seed: 10);
        TestParticipant a = meeting.Join("a");
        List<RequestOutcome> outcomes = [];
        for (int i = 0; i < 65; i++)
        {
            int number = i;
            a.Request(participant =>
                outcomes.Add(participant.AddTrack(new TrackRequest { Cid = $"{number}", Kind = MediaKind.Audio }, meeting.Now)));
        }
        meeting.RunSoundly(1);

        Assert.Equal(64, outcomes.Count(outcome => outcome == RequestOutcome.Done));
        Assert.Equal(RequestOutcome.LimitExceeded, outcomes[^1]);
    }

    [Fact]
    public void Subscriber_that_takes_its_section_away_is_asked_for_another()
    {
        using var meeting = new TestMeeting(seed: 11);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b");
        TestSource video = a.Publish(MediaKind.Video);
        meeting.ExpectMedia(b, video);

        b.StopReceiving();
        meeting.RunSoundly(0.2);

        meeting.ExpectMedia(b, video);
        Assert.Equal(2, b.Receptions.Count());
    }
}
