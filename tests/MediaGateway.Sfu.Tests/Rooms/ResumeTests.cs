using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>Signaling breaks and comes back while media goes on.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Media_goes_on_through_a_break_of_signaling_and_its_resume(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 1);
        (TestParticipant a, TestParticipant b, TestSource ofA, TestSource ofB) = Call(meeting, isSingle);

        a.CutSignal();
        meeting.ExpectMedia(b, ofA, frames: 20);
        meeting.ExpectMedia(a, ofB, frames: 20);
        a.Resume();
        meeting.RunSoundly(1);

        meeting.ExpectMedia(b, ofA, frames: 20);
        meeting.ExpectMedia(a, ofB, frames: 20);
        Assert.Single(a.Receptions, reception => reception.Source == ofB);
        Assert.Single(b.Receptions, reception => reception.Source == ofA);
        meeting.AssertNothingLeaks();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_changed_during_a_break_is_there_after_the_resume(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 2);
        (TestParticipant a, TestParticipant b, _, TestSource ofB) = Call(meeting, isSingle);
        TestParticipant c = meeting.Join("c");
        meeting.RunSoundly(0.5);

        a.CutSignal();
        b.Unpublish(ofB);
        TestSource next = c.Publish(MediaKind.Video, isSimulcast: true);
        meeting.ExpectMedia(b, next);
        Assert.Equal(0, a.Decoded(next));
        a.Resume();

        meeting.ExpectMedia(a, next);
        Assert.Empty(a.Others[b.Remote!.Sid].Tracks);
        meeting.AssertNothingLeaks();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resume_takes_over_signaling_that_has_not_ended_yet(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 3);
        (TestParticipant a, TestParticipant b, TestSource ofA, TestSource ofB) = Call(meeting, isSingle);

        for (int i = 0; i < 5; i++)
        {
            a.Resume();
            meeting.RunSoundly(0.04);
        }

        meeting.RunSoundly(1);
        meeting.ExpectMedia(b, ofA);
        meeting.ExpectMedia(a, ofB);
        Assert.False(a.Remote!.IsClosed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resume_on_another_network_brings_media_back(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 4);
        (TestParticipant a, TestParticipant b, TestSource ofA, TestSource ofB) = Call(meeting, isSingle);

        a.CutSignal();
        Move(meeting, a.Up, 1);
        if (a.Down is not null)
            Move(meeting, a.Down, 2);
        a.Resume();

        meeting.ExpectMedia(b, ofA, limit: 8);
        meeting.ExpectMedia(a, ofB, limit: 8);
    }

    [Fact]
    public void Client_that_knows_tracks_the_gateway_does_not_has_to_join_anew()
    {
        using var meeting = new TestMeeting(seed: 5);
        (TestParticipant a, _, _, _) = Call(meeting, isSingle: true);

        a.Request(participant => participant.OnSyncState(
            new SyncState([new TrackSid("TR_unknown")], [], [], ImmutableDictionary<ParticipantSid, uint>.Empty), meeting.Now));
        meeting.RunSoundly(0.2);

        Assert.Equal(new RoomNotification.Left(DisconnectReason.StateMismatch, LeaveAction.Reconnect), a.Left);
    }

    [Fact]
    public void Full_reconnect_leaves_one_participant()
    {
        using var meeting = new TestMeeting(seed: 6);
        (TestParticipant a, TestParticipant b, _, TestSource ofB) = Call(meeting, isSingle: true);
        a.Vanish();
        meeting.RunSoundly(2);

        TestParticipant again = meeting.Join("a");
        TestSource video = again.Publish(MediaKind.Video, isSimulcast: true);

        meeting.ExpectMedia(b, video);
        meeting.ExpectMedia(again, ofB);
        Assert.Equal(DisconnectReason.DuplicateIdentity, a.Remote!.CloseReason);
        Assert.Equal(2, meeting.Room!.Participants.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reliable_packets_missed_during_a_break_of_media_come_after_the_resume(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 7);
        (TestParticipant a, TestParticipant b, _, _) = Call(meeting, isSingle);
        meeting.RunSoundly(0.5);
        b.SendPacket("before");
        meeting.Expect(() => a.Data.Count == 1);

        // What the gateway sent to a connection that is gone: as if the client had never had it.
        a.CutSignal();
        b.SendPacket("during");
        meeting.RunSoundly(0.5);
        a.Forget(after: 1);
        a.Resume();

        meeting.Expect(() => a.Data.Count(data => data.Text.Contains("during", StringComparison.Ordinal)) == 2);
        Assert.Single(a.Data, data => data.Text.Contains("before", StringComparison.Ordinal));
    }

    private static void Move(TestMeeting meeting, TestConnection connection, int number) => meeting.Network.Move(
        connection.Host, TransportAddress.From(System.Net.IPAddress.Parse($"192.0.2.{number}"), 50_000));

    private static (TestParticipant A, TestParticipant B, TestSource OfA, TestSource OfB) Call(TestMeeting meeting, bool isSingle)
    {
        TestParticipant a = meeting.Join("a", isSingle), b = meeting.Join("b");
        TestSource ofA = a.Publish(MediaKind.Video, isSimulcast: true), ofB = b.Publish(MediaKind.Video, isSimulcast: true);
        meeting.ExpectMedia(b, ofA);
        meeting.ExpectMedia(a, ofB);
        return (a, b, ofA, ofB);
    }
}
