using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Rooms;

/// <summary>
/// Tests of what a meeting of twenty keeps on the heap while it goes on: 760 subscriptions, of which each costs it something.
/// </summary>
[Collection(AllocationCollection.Name)]
public sealed class RoomMemoryTests
{
    private const int Participants = 20;

    /// <summary>Bytes for each participant: a fifth above what was measured.</summary>
    private const long Budget = 220_000;

    [Fact]
    public void Participant_of_a_meeting_of_twenty_keeps_to_its_budget()
    {
        using var meeting = new TestMeeting(seed: 1);
        long empty = BytesOf(LiveObjects.From(meeting.Gateway.Worker));
        for (int i = 0; i < Participants; i++)
        {
            TestParticipant participant = meeting.Join($"participant-{i}", single: false);
            participant.Publish(MediaKind.Audio);
            participant.Publish(MediaKind.Video, isSimulcast: true);
            meeting.RunSoundly(0.3);
        }
        meeting.RunSoundly(1);
        TestParticipant first = meeting.Participants[0], last = meeting.Participants[^1];
        meeting.ExpectMedia(first, last.Sources[1]);
        meeting.ExpectMedia(last, first.Sources[1]);

        LiveObjects objects = LiveObjects.From(meeting.Gateway.Worker);
        long each = (BytesOf(objects) - empty) / Participants;

        Assert.True(each <= Budget, $"{each} bytes for each participant:\n{objects.Describe(60, Participants)}");
    }

    /// <summary>Byte arrays do not count: nearly all of them are packets, which follow the bitrate.</summary>
    private static long BytesOf(LiveObjects objects) => objects.Bytes - objects.BytesOf[typeof(byte[])];
}
