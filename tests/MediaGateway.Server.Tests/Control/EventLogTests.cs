using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Server.Tests.Control;

public sealed class EventLogTests
{
    [Theory]
    [InlineData(5, 5, true)]
    [InlineData(16, 16, true)]
    [InlineData(17, 16, false)]
    [InlineData(1000, 16, false)]
    public void As_many_changes_are_remembered_as_are_configured(int changes, int remembered, bool fromTheStart)
    {
        EventLog log = new(new ControlOptions { EventHistory = 16 }, TimeProvider.System);
        for (int i = 0; i < changes; i++)
            log.Append(Room($"{i}"));

        Assert.Equal(fromTheStart, log.TryRead(0, new List<EventEntry>(2000), out _));
        List<EventEntry> entries = new(2000);
        Assert.True(log.TryRead(changes - remembered, entries, out Task changed));
        Assert.Equal(Enumerable.Range(changes - remembered + 1, remembered).Select(number => (long)number),
            entries.Select(entry => entry.Sequence));
        Assert.False(changed.IsCompleted);
        Assert.False(log.TryRead(changes + 1, [], out _));
    }

    [Fact]
    public void Reader_with_less_room_is_told_at_once_that_there_is_more()
    {
        EventLog log = new(new ControlOptions(), TimeProvider.System);
        for (int i = 0; i < 10; i++)
            log.Append(Room($"{i}"));
        List<EventEntry> entries = new(4);
        Assert.True(log.TryRead(3, entries, out Task changed));
        Assert.Equal([4, 5, 6, 7], entries.Select(entry => entry.Sequence));
        Assert.True(changed.IsCompleted);
    }

    [Fact]
    public void What_is_remembered_is_bounded_in_bytes_too_and_the_newest_stays()
    {
        EventLog log = new(new ControlOptions { EventHistory = 100_000 }, TimeProvider.System);
        const int length = 60_000;
        int changes = (int)(EventLog.MaxBytes / length);
        for (int i = 0; i < changes; i++)
            log.Append(Room(new string('x', length - 10) + i));

        Assert.False(log.TryRead(0, [], out _));
        Assert.True(log.TryRead(changes - (changes / 3), new List<EventEntry>(changes), out _));
        log.Append(Room(new string('y', (int)EventLog.MaxBytes)));
        List<EventEntry> entries = new(2);
        Assert.True(log.TryRead(changes, entries, out _));
        Assert.Equal(changes + 1, Assert.Single(entries).Sequence);
    }

    private static NodeChange.RoomUpserted Room(string metadata) =>
        new(new RoomInfo(new RoomSid("RM_1"), "stage", new RoomOptions { Metadata = metadata }, 0, 0, 0));
}
