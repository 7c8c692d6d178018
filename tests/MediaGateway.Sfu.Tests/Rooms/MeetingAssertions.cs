using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

internal static class MeetingAssertions
{
    /// <summary>Runs until the condition holds; nothing may go wrong on the way.</summary>
    public static void Expect(this TestMeeting meeting, Func<bool> condition, double limit = 5, string what = "The condition")
    {
        bool holds = meeting.RunUntil(condition, limit);
        meeting.AssertSound();
        Assert.True(holds, $"{what} did not come to hold within {limit} s.");
    }

    public static void RunSoundly(this TestMeeting meeting, double seconds)
    {
        meeting.Run(seconds);
        meeting.AssertSound();
    }

    public static void AssertSound(this TestMeeting meeting)
    {
        Assert.Empty(meeting.Gateway.Faults);
        Assert.True(meeting.Violations.Count == 0, string.Join('\n', meeting.Violations.Take(10)));
    }

    /// <summary>The participant gets so many more frames of the source.</summary>
    public static void ExpectMedia(this TestMeeting meeting, TestParticipant participant, TestSource source, int frames = 10,
        double limit = 5)
    {
        int before = participant.Decoded(source);
        meeting.Expect(
            () => participant.Decoded(source) >= before
            + frames, limit, $"{participant.Identity} receiving source {source.Id} of {source.Publisher.Identity}");
    }

    /// <summary>Asserts that nothing more comes of the source once the packets under way have arrived.</summary>
    public static void ExpectSilence(this TestMeeting meeting, TestParticipant participant, TestSource source, double settle = 0.5)
    {
        meeting.RunSoundly(settle);
        int before = participant.Decoded(source);
        meeting.RunSoundly(1);
        Assert.Equal(before, participant.Decoded(source));
    }

    public static void ExpectEnd(this TestMeeting meeting, TestParticipant participant, DisconnectReason reason, double limit = 5)
    {
        meeting.Expect(() => participant.Remote!.IsClosed, limit, $"The end of {participant.Identity}");
        Assert.Equal(reason, participant.Remote!.CloseReason);
    }

    /// <summary>Everybody leaves, and nothing of them stays.</summary>
    public static void AssertNothingLeaks(this TestMeeting meeting)
    {
        meeting.AtGateway(() => meeting.Gateway.Worker.Drain(meeting.Now));
        meeting.AssertSound();
        Assert.Equal(0, meeting.Gateway.Worker.Peers.Count);
        Assert.Empty(meeting.Gateway.Worker.Rooms.All);
        Assert.Equal(MonotonicTime.Never, meeting.Gateway.Worker.OnTick(meeting.Now));
        foreach (TestParticipant participant in meeting.Participants.Where(participant => participant.Remote is not null))
            Assert.NotEqual(DisconnectReason.None, participant.Remote!.CloseReason);
    }
}
