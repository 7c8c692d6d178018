using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Participants of one room that are shown in another.</summary>
public sealed class ForwardingTests
{
    private const string Elsewhere = "elsewhere";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shown_elsewhere_a_participant_is_seen_in_both_rooms_and_sees_its_own(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 1);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b"), far = meeting.Join("far", isSingle, room: Elsewhere);
        TestSource audio = a.Publish(MediaKind.Audio), video = a.Publish(MediaKind.Video, isSimulcast: true), fars = far.Publish(MediaKind.Audio);
        meeting.ExpectMedia(b, video);

        Forward(meeting, a);
        meeting.ExpectMedia(far, video);
        meeting.ExpectMedia(far, audio);
        meeting.ExpectMedia(b, video);
        TestSource late = a.Publish(MediaKind.Video);
        meeting.ExpectMedia(far, late);

        ParticipantInfo shown = meeting.Gateway.Worker.FindRoom(Elsewhere)!.Find("a")!.Snapshot();
        Assert.Equal((TestMeeting.RoomName, ParticipantState.Active), (shown.ForwardedFrom, shown.State));
        Assert.NotEqual(a.Remote!.Sid, shown.Sid);
        Assert.Empty(shown.Tracks.Select(track => track.Sid).Intersect(a.Remote.Snapshot().Tracks.Select(track => track.Sid)));
        Assert.Equal(0, a.Decoded(fars));
        Assert.Equal(0, b.Decoded(fars));
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void What_it_does_is_seen_there_too()
    {
        using var meeting = new TestMeeting(seed: 2);
        TestParticipant a = meeting.Join("a"), far = meeting.Join("far", room: Elsewhere);
        TestSource audio = a.Publish(MediaKind.Audio), video = a.Publish(MediaKind.Video);
        meeting.Expect(() => a.Remote!.Publications.Count() == 2);
        Forward(meeting, a);
        meeting.ExpectMedia(far, video);
        ParticipantInfo Shown() => far.Others.Values.Single(participant => participant.Identity == "a");

        a.Mute(video, muted: true, keepsSending: true);
        meeting.Expect(() => Shown().Tracks.Single(track => track.Kind == MediaKind.Video).Muted);
        meeting.ExpectSilence(far, video);
        a.Mute(video, muted: false, keepsSending: true);
        meeting.ExpectMedia(far, video);

        meeting.AtGateway(() => a.Remote!.UpdateMetadata("Ada", "m", new Dictionary<string, string> { ["k"] = "v" }));
        meeting.Expect(() => Shown() is { Name: "Ada", Metadata: "m" } info && info.Attributes["k"] == "v");

        a.Unpublish(video);
        meeting.Expect(() => Shown().Tracks.Length == 1);
        meeting.ExpectMedia(far, audio);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void It_ends_with_the_origin_or_when_it_is_told_to_and_the_origin_goes_on()
    {
        using var meeting = new TestMeeting(seed: 3);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b"), far = meeting.Join("far", room: Elsewhere);
        TestSource video = a.Publish(MediaKind.Video);
        meeting.ExpectMedia(b, video);
        Forward(meeting, a);
        meeting.ExpectMedia(far, video);

        meeting.AtGateway(() => meeting.Gateway.Worker.FindRoom(Elsewhere)!.Find("a")!.Leave(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect, meeting.Now));
        meeting.ExpectSilence(far, video);
        meeting.ExpectMedia(b, video);

        Forward(meeting, a);
        meeting.ExpectMedia(far, video);
        a.Leave();
        meeting.Expect(() => meeting.Gateway.Worker.FindRoom(Elsewhere)!.Find("a") is null);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void It_is_not_muted_from_there_and_stays_beyond_the_time_that_a_connection_may_take()
    {
        using var meeting = new TestMeeting(seed: 4);
        TestParticipant a = meeting.Join("a"), far = meeting.Join("far", room: Elsewhere);
        TestSource video = a.Publish(MediaKind.Video);
        meeting.Expect(() => a.Remote!.Publications.Any());
        Forward(meeting, a);
        meeting.ExpectMedia(far, video);
        Participant shown = meeting.Gateway.Worker.FindRoom(Elsewhere)!.Find("a")!;

        Assert.Equal(RequestOutcome.NotAllowed, shown.RequireMuted(shown.Publications.First().Sid, muted: true, meeting.Now));
        meeting.RunSoundly(90);
        meeting.ExpectMedia(far, video);
    }

    [Fact]
    public void Nobody_makes_room_for_it()
    {
        using var meeting = new TestMeeting(seed: 5);
        TestParticipant a = meeting.Join("a"), namesake = meeting.Join("a", room: Elsewhere);
        meeting.Expect(() => a.Remote is not null && namesake.Remote is not null);
        Assert.Equal(JoinResult.IdentityTaken, meeting.Gateway.Worker.FindRoom(Elsewhere)!.Forward(a.Remote!, meeting.Now));
        meeting.RunSoundly(1);
        Assert.False(namesake.Remote!.IsClosed);
    }

    private static void Forward(TestMeeting meeting, TestParticipant participant) => meeting.AtGateway(() =>
        Assert.Equal(JoinResult.Joined, meeting.Gateway.Worker.FindRoom(Elsewhere)!.Forward(participant.Remote!, meeting.Now)));
}
