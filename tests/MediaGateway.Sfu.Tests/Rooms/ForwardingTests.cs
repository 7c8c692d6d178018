using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
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
        TestSource audio = a.Publish(MediaKind.Audio), video = a.Publish(MediaKind.Video, isSimulcast: true),
            fars = far.Publish(MediaKind.Audio);
        meeting.ExpectMedia(b, video);

        Forward(meeting, a);
        meeting.ExpectMedia(far, video);
        meeting.ExpectMedia(far, audio);
        meeting.ExpectMedia(b, video);
        TestSource late = a.Publish(MediaKind.Video);
        meeting.ExpectMedia(far, late);

        ParticipantInfo shown = meeting.Gateway.Worker.Rooms.Find(Elsewhere)!.Find("a")!.Snapshot();
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

        meeting.AtGateway(() => a.Remote!.UpdateMetadata("Ada", "m", new Dictionary<string, string> { ["k"] = "v" }, meeting.Now));
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

        meeting.AtGateway(() => meeting.Gateway.Worker.Rooms.Find(Elsewhere)!.Find("a")!.Leave(DisconnectReason.ParticipantRemoved,
            LeaveAction.Disconnect, meeting.Now));
        meeting.ExpectSilence(far, video);
        meeting.ExpectMedia(b, video);

        Forward(meeting, a);
        meeting.ExpectMedia(far, video);
        a.Leave();
        meeting.Expect(() => meeting.Gateway.Worker.Rooms.Find(Elsewhere)!.Find("a") is null);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void What_becomes_of_it_is_told_there_at_once()
    {
        using var meeting = new TestMeeting(seed: 6);
        TestParticipant a = meeting.Join("a");
        TestSource video = a.Publish(MediaKind.Video);
        a.Publish(MediaKind.Audio);
        meeting.Expect(() => a.Remote!.Publications.Count() == 2);
        var told = new ToldNotifications();
        Participant far = meeting.Gateway.Worker.Rooms.Join(
            Elsewhere, mayCreate: true, new ParticipantOptions { Identity = "far" }, new RoomOptions(), told, meeting.Now).Participant!;
        Participant origin = a.Remote!;

        Forward(meeting, a);
        Assert.Equal(("a", TestMeeting.RoomName, 2), (told.Of("a").Identity, told.Of("a").ForwardedFrom, told.Of("a").Tracks.Length));
        Assert.Equal(2, far.Subscriptions.Active.Count());

        origin.UpdateMetadata("Ada", "m", new Dictionary<string, string> { ["k"] = "v" }, meeting.Now);
        Assert.Equal(("Ada", "m", "v"), (told.Of("a").Name, told.Of("a").Metadata, told.Of("a").Attributes["k"]));

        origin.SetMuted(video.Sid!.Value, muted: true, meeting.Now);
        Assert.True(told.Of("a").Tracks.Single(track => track.Kind == MediaKind.Video).Muted);

        origin.SetPermissions(new ParticipantPermissions { CanPublishSources = [TrackSource.Microphone] }, meeting.Now);
        Assert.Equal(MediaKind.Audio, Assert.Single(told.Of("a").Tracks).Kind);
        Assert.Single(far.Subscriptions.Active);

        origin.Leave(DisconnectReason.ParticipantRemoved, LeaveAction.Disconnect, meeting.Now);
        Assert.Equal((ParticipantState.Disconnected, DisconnectReason.ParticipantRemoved),
            (told.Of("a").State, told.Of("a").DisconnectReason));
        Assert.Empty(far.Subscriptions.Active);
        Assert.Null(meeting.Gateway.Worker.Rooms.Find(Elsewhere)!.Find("a"));
    }

    [Fact]
    public void A_track_that_is_published_later_is_told_there_in_the_same_instant()
    {
        using var meeting = new TestMeeting(seed: 8);
        TestParticipant a = meeting.Join("a");
        meeting.Expect(() => a.Remote is not null);
        var told = new ToldNotifications();
        meeting.Gateway.Worker.Rooms.Join(Elsewhere, mayCreate: true, new ParticipantOptions
        { Identity = "far" }, new RoomOptions(), told, meeting.Now);
        Forward(meeting, a);
        Assert.Empty(told.Of("a").Tracks);
        a.Publish(MediaKind.Video);
        meeting.Expect(() =>
        {
            Assert.Equal(a.Remote!.Publications.Count(), told.Of("a").Tracks.Length);
            return a.Remote.Publications.Any();
        });
    }

    [Fact]
    public void It_draws_nothing_that_only_a_connection_needs()
    {
        using var meeting = new TestMeeting(seed: 7);
        TestParticipant a = meeting.Join("a"), far = meeting.Join("far", room: Elsewhere);
        meeting.Expect(() => a.Remote!.WasConnected && far.Remote!.WasConnected);
        int peers = meeting.Gateway.Worker.Peers.Count;
        Forward(meeting, a);
        RemoteMember shown = Assert.IsType<RemoteMember>(meeting.Gateway.Worker.Rooms.Find(Elsewhere)!.Find("a"));
        Assert.Same(a.Remote, shown.Origin);
        Assert.DoesNotContain(shown, meeting.Gateway.Worker.Rooms.Find(Elsewhere)!.Participants.AsEnumerable<RoomMember>());
        meeting.RunSoundly(2);
        Assert.Equal(peers, meeting.Gateway.Worker.Peers.Count);
    }

    [Fact]
    public void It_stays_beyond_the_time_that_a_connection_may_take()
    {
        using var meeting = new TestMeeting(seed: 4);
        TestParticipant a = meeting.Join("a"), far = meeting.Join("far", room: Elsewhere);
        TestSource video = a.Publish(MediaKind.Video);
        meeting.Expect(() => a.Remote!.Publications.Any());
        Forward(meeting, a);
        meeting.ExpectMedia(far, video);
        meeting.RunSoundly(90);
        meeting.ExpectMedia(far, video);
    }

    [Fact]
    public void Nobody_makes_room_for_it()
    {
        using var meeting = new TestMeeting(seed: 5);
        TestParticipant a = meeting.Join("a"), namesake = meeting.Join("a", room: Elsewhere);
        meeting.Expect(() => a.Remote is not null && namesake.Remote is not null);
        Assert.Equal(JoinResult.IdentityTaken, meeting.Gateway.Worker.Rooms.Find(Elsewhere)!.Forward(a.Remote!, meeting.Now));
        meeting.RunSoundly(1);
        Assert.False(namesake.Remote!.IsClosed);
    }

    private static void Forward(TestMeeting meeting, TestParticipant participant) => meeting.AtGateway(() =>
        Assert.Equal(JoinResult.Joined, meeting.Gateway.Worker.Rooms.Find(Elsewhere)!.Forward(participant.Remote!, meeting.Now)));

    /// <summary>A client's signaling that keeps all it is told.</summary>
    private sealed class ToldNotifications : IParticipantObserver
    {
        private readonly List<ParticipantInfo> _changes = [];

        /// <summary>Somebody as last told.</summary>
        public ParticipantInfo Of(string identity) => _changes.Last(info => info.Identity == identity);

        public void OnNotification(RoomNotification notification)
        {
            if (notification is RoomNotification.ParticipantsChanged changed)
                _changes.AddRange(changed.Participants);
        }
    }
}
