using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>
/// Tests of the amount of signaling for a join: every participant answers each offer with a description of all it receives.
/// </summary>
public sealed class JoiningTests
{
    private const int People = 20;

    /// <summary>Bytes of a history of a fifth of a second.</summary>
    private const int Moment = 80 * 1024;

    [Fact]
    public void Newcomer_gets_everything_in_one_offer_and_everybody_else_its_tracks_in_one()
    {
        using var meeting = new TestMeeting(seed: 1);
        for (int i = 0; i < People; i++)
        {
            int[] before = [.. meeting.Participants.Select(OffersOf)];
            TestParticipant newcomer = meeting.Join($"p{i}", single: false);
            newcomer.Publish(MediaKind.Audio);
            newcomer.Publish(MediaKind.Video, isSimulcast: true);
            meeting.RunSoundly(0.2);

            RoomNotification.Offered first = newcomer.Heard<RoomNotification.Offered>().First();
            Assert.Equal(2 * i, first.Tracks.Count);
            Assert.Equal(1, OffersOf(newcomer));
            Assert.Equal(before.Select(offers => offers + 1), meeting.Participants.SkipLast(1).Select(OffersOf));
        }
        foreach (TestParticipant receiver in (TestParticipant[])[meeting.Participants[0], meeting.Participants[^1]])
        {
            foreach (TestSource source in meeting.Participants.Where(other => other != receiver).SelectMany(other => other.Sources))
                meeting.ExpectMedia(receiver, source);
        }
    }

    [Fact]
    public void Tracks_that_come_while_an_offer_is_under_way_share_the_next_one()
    {
        using var meeting = new TestMeeting(seed: 2) { SignalDelay = TimeSpan.FromMilliseconds(300) };
        TestParticipant watcher = meeting.Join("watcher", single: false);
        meeting.RunSoundly(2);
        TestParticipant[] others = [.. Enumerable.Range(0, 5).Select(i => meeting.Join($"p{i}"))];
        meeting.RunSoundly(2);
        int before = OffersOf(watcher);
        // One begins an offer; the others come within its round trip.
        foreach (TestParticipant other in others)
        {
            other.Publish(MediaKind.Video);
            meeting.RunSoundly(0.1);
        }
        meeting.RunSoundly(5);

        Assert.Equal(before + 2, OffersOf(watcher));
        foreach (TestSource source in others.SelectMany(other => other.Sources))
            meeting.ExpectMedia(watcher, source);
    }

    /// <summary>
    /// A client checks as soon as it has an offer; its answer takes longer. Its next check, after 50 ms, would make it 80 ms.
    /// </summary>
    [Fact]
    public void Check_that_comes_before_the_answer_is_served_with_it()
    {
        using var meeting = new TestMeeting(seed: 3) { SignalDelay = TimeSpan.FromMilliseconds(30) };
        TestParticipant newcomer = meeting.Join("newcomer", single: false);
        Assert.True(meeting.RunUntil(() => newcomer.Down is not null));
        MonotonicTime offered = meeting.Now;

        Assert.True(meeting.RunUntil(() => newcomer.Down!.IsConnected));

        Assert.InRange((meeting.Now - offered).TotalMilliseconds, 30, 70);
        Assert.Equal(1, meeting.Gateway.Worker.Drops[DropReason.StunUnknownUsername]);
    }

    /// <summary>A publisher is asked again after 300 ms at the earliest.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Newcomer_asks_for_key_frames_once_and_when_it_can_be_sent_them(bool isSingle)
    {
        using var meeting = new TestMeeting(seed: 5);
        TestParticipant a = meeting.Join("a");
        TestSource video = a.Publish(MediaKind.Video);
        meeting.ExpectMedia(meeting.Join("b"), video);
        meeting.RunSoundly(1);
        int before = video.Encodings.Single().KeyFrameRequests;
        TestParticipant newcomer = meeting.Join("newcomer", isSingle);
        Assert.True(meeting.RunUntil(() => newcomer.Receiving.IsConnected
            && newcomer.Receiving.Session!.Media.Any(media => media.Kind == MediaKind.Video)));
        MonotonicTime connected = meeting.Now;

        Assert.True(meeting.RunUntil(() => newcomer.Decoded(video) > 0));

        Assert.InRange((meeting.Now - connected).TotalMilliseconds, 0, 150);
        Assert.Equal(before + 1, video.Encodings.Single().KeyFrameRequests);
    }

    [Fact]
    public void Encodings_that_nobody_is_sent_are_kept_for_a_moment_only()
    {
        using var meeting = new TestMeeting(seed: 4);
        TestParticipant a = meeting.Join("a"), b = meeting.Join("b");
        TestSource video = a.Publish(MediaKind.Video, isSimulcast: true);
        video.Interval = TimeSpan.FromMilliseconds(5);
        meeting.ExpectMedia(b, video);
        meeting.RunSoundly(10);
        PacketHistory[] histories = [.. a.Remote!.Publications.Single().Publication!.Encodings.Select(encoding => encoding!.History!)];
        Assert.Equal(3, histories.Length);
        Assert.Equal([false, false, true], histories.Select(history => history.AllocatedBytes > Moment));

        b.Want(video.Sid!.Value, TrackSettings.Default with { Quality = VideoQuality.Low });
        meeting.RunSoundly(15);

        Assert.Equal([true, false, false], histories.Select(history => history.AllocatedBytes > Moment));
    }

    private static int OffersOf(TestParticipant participant) => participant.Heard<RoomNotification.Offered>().Count();
}
