using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Tests of membership: who is in a room, for how long, and for what reason it ends.</summary>
public sealed class MembershipTests
{
    [Fact]
    public void Who_never_offers_takes_a_place_all_the_same()
    {
        using var meeting = new TestMeeting(seed: 30, options: new MediaWorkerOptions { MaxPeers = 3 });
        for (int i = 0; i < 3; i++)
            Assert.Equal(JoinResult.Joined, Join($"silent{i}"));

        Assert.Equal(JoinResult.TooManyPeers, Join("one too many"));

        JoinResult Join(string identity) => meeting.Gateway.Worker.Rooms.Join(
            TestMeeting.RoomName, mayCreate: true, new ParticipantOptions
            { Identity = identity, SinglePeerConnection = true }, new RoomOptions(), new Nobody(), meeting.Now).Result;
    }

    [Fact]
    public void Hidden_participant_is_seen_by_nobody_and_sees_all()
    {
        using var meeting = new TestMeeting(seed: 1);
        TestParticipant a = meeting.Join("a");
        TestParticipant hidden =
            meeting.Join("hidden", adjust: options => options with { Permissions = new ParticipantPermissions { Hidden = true } });
        TestParticipant c = meeting.Join("c");
        TestSource video = a.Publish(MediaKind.Video), secret = hidden.Publish(MediaKind.Video);

        meeting.ExpectMedia(hidden, video);
        meeting.ExpectMedia(c, video);
        Assert.Equal(0, c.Decoded(secret));
        Assert.DoesNotContain(hidden.Remote!.Sid, a.Others.Keys.Concat(c.Others.Keys));
        Assert.DoesNotContain(hidden.Remote.Sid, c.Outcome!.Others.Select(other => other.Sid));
        Assert.Equal(2, meeting.Room!.Snapshot().ParticipantCount);
    }

    [Fact]
    public void Participant_that_becomes_hidden_has_left_for_the_others_until_it_is_not()
    {
        using var meeting = new TestMeeting(seed: 2);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b");
        TestSource video = a.Publish(MediaKind.Video);
        meeting.ExpectMedia(b, video);

        a.Permit(new ParticipantPermissions { Hidden = true });
        meeting.ExpectSilence(b, video);
        Assert.DoesNotContain(a.Remote!.Sid, b.Others.Keys);
        a.Permit(new ParticipantPermissions());

        meeting.ExpectMedia(b, video);
        Assert.Contains(a.Remote.Sid, b.Others.Keys);
    }

    [Fact]
    public void Second_of_an_identity_takes_the_place_of_the_first()
    {
        using var meeting = new TestMeeting(seed: 3) { RoomDefaults = new RoomOptions { MaxParticipants = 2 } };
        TestParticipant first = meeting.Join("a"), b = meeting.Join("b");
        meeting.ExpectMedia(b, first.Publish(MediaKind.Video));

        TestParticipant second = meeting.Join("a");
        TestSource video = second.Publish(MediaKind.Video);

        meeting.ExpectMedia(b, video);
        Assert.Equal(new RoomNotification.Left(DisconnectReason.DuplicateIdentity, LeaveAction.Disconnect), first.Left);
        Assert.Equal(second.Remote!.Sid, Assert.Single(b.Others).Key);
    }

    [Fact]
    public void Room_takes_exactly_as_many_as_it_may()
    {
        using var meeting = new TestMeeting(seed: 4) { RoomDefaults = new RoomOptions { MaxParticipants = 2 } };
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b"), c = meeting.Join("c");
        Assert.Equal(JoinResult.RoomFull, c.Outcome!.Result);
        TestParticipant hidden =
            meeting.Join("hidden", adjust: options => options with { Permissions = new ParticipantPermissions { Hidden = true } });
        Assert.Equal(JoinResult.Joined, hidden.Outcome!.Result);

        b.Leave();
        meeting.ExpectEnd(b, DisconnectReason.ClientInitiated);

        Assert.Equal(JoinResult.Joined, meeting.Join("d").Outcome!.Result);
        Assert.Equal(JoinResult.RoomFull, meeting.Join("e").Outcome!.Result);
        Assert.False(a.Remote!.IsClosed);
    }

    [Fact]
    public void Room_that_nobody_joins_ends_after_its_empty_timeout()
    {
        using var meeting = new TestMeeting(seed: 5);
        meeting.AtGateway(() => meeting.Gateway.Worker.Rooms.Create(TestMeeting.RoomName, new RoomOptions
        { EmptyTimeout = TimeSpan.FromSeconds(30) }, meeting.Now));

        meeting.RunSoundly(29);
        Assert.NotNull(meeting.Room);
        meeting.RunSoundly(2);

        Assert.Null(meeting.Room);
        Assert.Equal([TestMeeting.RoomName], meeting.Gateway.ClosedRooms);
    }

    [Fact]
    public void Room_ends_after_its_departure_timeout_unless_somebody_comes_back()
    {
        using var meeting = new TestMeeting(seed: 6) { RoomDefaults = new RoomOptions { DepartureTimeout = TimeSpan.FromSeconds(10) } };
        TestParticipant a = meeting.Join("a");
        RoomSid room = meeting.Room!.Sid;
        a.Leave();
        meeting.RunSoundly(9);
        TestParticipant b = meeting.Join("b");
        Assert.Equal(room, meeting.Room!.Sid);
        meeting.RunSoundly(20);
        Assert.NotNull(meeting.Room);

        b.Leave();
        meeting.RunSoundly(9);
        Assert.NotNull(meeting.Room);
        meeting.RunSoundly(2);

        Assert.Null(meeting.Room);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Participant_whose_media_never_connects_is_put_out()
    {
        using var meeting = new TestMeeting(seed: 7);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b", single: false);
        a.Up.Vanish();
        b.Up.Vanish();

        meeting.ExpectEnd(a, DisconnectReason.JoinFailure, limit: 35);
        meeting.ExpectEnd(b, DisconnectReason.JoinFailure, limit: 1);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Participant_that_never_offers_is_put_out()
    {
        using var meeting = new TestMeeting(seed: 8) { SignalDelay = TimeSpan.FromSeconds(100) };
        TestParticipant a = meeting.Join("a");

        meeting.ExpectEnd(a, DisconnectReason.JoinFailure, limit: 61);
    }

    [Fact]
    public void Signaling_that_ends_before_media_connected_ends_its_participant()
    {
        using var meeting = new TestMeeting(seed: 9);
        TestParticipant a = meeting.Join("a");
        a.CutSignal();

        meeting.ExpectEnd(a, DisconnectReason.SignalClose);
    }

    [Fact]
    public void Signaling_that_stays_away_ends_its_participant()
    {
        using var meeting = new TestMeeting(seed: 10);
        TestParticipant a = meeting.Join("a");
        meeting.Expect(() => a.Up.IsConnected);
        meeting.RunSoundly(1);
        a.CutSignal();

        meeting.RunSoundly(55);
        Assert.False(a.Remote!.IsClosed);
        meeting.ExpectEnd(a, DisconnectReason.SignalClose, limit: 10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Closed_page_has_left_at_once(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 11);
        TestParticipant a = Connected(meeting, isSingle), b = meeting.Join("b");

        a.ClosePage();

        meeting.Expect(() => !b.Others.ContainsKey(a.Remote!.Sid), limit: 0.5);
        // Which of the two ends the gateway hears of first is chance.
        Assert.True(a.Remote!.CloseReason is DisconnectReason.ClientInitiated or DisconnectReason.MediaFailure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Media_that_falls_silent_ends_its_participant(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 12);
        TestParticipant a = Connected(meeting, isSingle);

        a.Vanish();

        meeting.ExpectEnd(a, DisconnectReason.ConnectionTimeout, limit: 35);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Connection_closed_while_signaling_stands_is_a_media_failure()
    {
        using var meeting = new TestMeeting(seed: 13);
        TestParticipant a = Connected(meeting, isSingle: true);

        a.Up.Close(meeting.Now);

        meeting.ExpectEnd(a, DisconnectReason.MediaFailure);
        meeting.Expect(() => a.Left is not null);
        Assert.Equal(LeaveAction.Reconnect, a.Left!.Action);
    }

    [Fact]
    public void Deleted_room_puts_all_out()
    {
        using var meeting = new TestMeeting(seed: 14);
        TestParticipant a = Connected(meeting, isSingle: true), b = meeting.Join("b", single: false);

        meeting.AtGateway(() => meeting.Room!.Close(DisconnectReason.RoomDeleted, meeting.Now));
        meeting.RunSoundly(0.1);

        Assert.Equal(new RoomNotification.Left(DisconnectReason.RoomDeleted, LeaveAction.Disconnect), a.Left);
        Assert.Equal(a.Left, b.Left);
        Assert.Null(meeting.Room);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Drain_tells_all_to_reconnect_elsewhere_and_takes_nobody_in()
    {
        using var meeting = new TestMeeting(seed: 15);
        TestParticipant a = Connected(meeting, isSingle: true);

        meeting.AtGateway(() => meeting.Gateway.Worker.Drain(meeting.Now));
        meeting.RunSoundly(0.1);

        Assert.Equal(new RoomNotification.Left(DisconnectReason.ServerShutdown, LeaveAction.Reconnect), a.Left);
        Assert.Equal(JoinResult.Draining, meeting.Join("b").Outcome!.Result);
        meeting.AssertNothingLeaks();
    }

    [Fact]
    public void Bug_hit_in_a_participants_media_ends_that_participant_alone()
    {
        using var meeting = new TestMeeting(seed: 16);
        TestParticipant a = Connected(meeting, isSingle: true), b = meeting.Join("b");
        meeting.Expect(() => b.Up.IsConnected);

        meeting.AtGateway(() =>
            meeting.Gateway.Worker.Peers.OnPeerFault(a.Remote!.Connections.Upstream!, new InvalidOperationException("a bug"), meeting.Now));
        meeting.Run(0.1);

        Assert.Equal(DisconnectReason.InternalError, a.Left!.Reason);
        Assert.False(b.Remote!.IsClosed);
        Assert.Single(meeting.Gateway.Faults);
    }

    [Fact]
    public void Rooms_and_peers_are_bounded()
    {
        using var meeting = new TestMeeting(seed: 17, options: new MediaWorkerOptions { MaxRooms = 1, MaxPeers = 2 });
        TestParticipant a = Connected(meeting, isSingle: true);
        Assert.Null(meeting.Gateway.Worker.Rooms.Create("other", new RoomOptions(), meeting.Now));
        TestParticipant b = meeting.Join("b");
        meeting.Expect(() => b.Up.IsConnected);

        Assert.Equal(JoinResult.TooManyPeers, meeting.Join("c").Outcome!.Result);
        Assert.False(a.Remote!.IsClosed);
    }

    private static TestParticipant Connected(TestMeeting meeting, bool isSingle)
    {
        TestParticipant a = meeting.Join("a", isSingle);
        a.Publish(MediaKind.Audio);
        meeting.Expect(() => a.Up.IsConnected && a.Receiving.IsConnected && a.Remote!.Publications.Any());
        return a;
    }

    private sealed class Nobody : IParticipantObserver
    {
        public void OnNotification(RoomNotification notification)
        {
        }
    }
}
