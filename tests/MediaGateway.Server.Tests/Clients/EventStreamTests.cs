using MediaGateway.Client;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Clients;

/// <summary>Tests of what the event stream makes of messages and of connections that end, against scripted connections.</summary>
public sealed class EventStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly EventWatch AtOnce = new() { FirstPause = TimeSpan.Zero };

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Connection_goes_on_behind_the_last_message()
    {
        var script = new ScriptedEvents([[Snapshot(5), Room(6, "a")], [Room(7, "b"), Heartbeat(9)], [Room(10, "c")]]);
        Assert.Equal(["SnapshotPart 5", "RoomUpserted 6", "RoomUpserted 7", "RoomUpserted 10"], await ReadAsync(script, AtOnce, 4));
        Assert.Equal(["", "N.6", "N.9"], script.Requests.Select(request => request.ResumeToken));
    }

    [Fact]
    public async Task Change_that_comes_again_is_told_once()
    {
        var script = new ScriptedEvents([[Snapshot(5), Room(6, "a")], [Room(6, "a"), Room(7, "b")]]);
        Assert.Equal(["SnapshotPart 5", "RoomUpserted 6", "RoomUpserted 7"], await ReadAsync(script, AtOnce, 3));
    }

    [Fact]
    public async Task Snapshot_after_missed_changes_says_so_and_numbers_begin_anew()
    {
        var script = new ScriptedEvents([[Snapshot(50)], [Missed(3), Snapshot(3), Room(4, "a")]]);
        Assert.Equal(["SnapshotPart 50", "SnapshotPart 3 instead of what was missed: TokenUnknown", "RoomUpserted 4"],
            await ReadAsync(script, AtOnce, 3));
    }

    [Fact]
    public async Task Connection_lost_between_missed_and_snapshot_leaves_no_gap()
    {
        var script = new ScriptedEvents([[Snapshot(50)], [Missed(70)], [Missed(80), Snapshot(80)]]);
        await ReadAsync(script, AtOnce, 2);
        Assert.Equal(["", "N.50", "N.50"], script.Requests.Select(request => request.ResumeToken));
    }

    [Fact]
    public async Task Snapshot_in_parts_is_one_event_and_one_that_is_cut_off_is_none()
    {
        WatchResponse first = Part(5, new SnapshotPart { First = true, Rooms = { new Room { Name = "a" } } });
        var rest = new SnapshotPart { Last = true, Rooms = { new Room { Name = "b" } }, LiveStreams = { new LiveStream() } };
        WatchResponse last = Part(5, rest);
        var script = new ScriptedEvents([[first], [first, last]]);
        await using IAsyncEnumerator<GatewayEvent> events = Events(script, AtOnce);
        Assert.True(await events.MoveNextAsync());

        SnapshotPart whole = events.Current.Message.SnapshotPart;
        Assert.Equal(["a", "b"], whole.Rooms.Select(room => room.Name));
        Assert.Single(whole.LiveStreams);
        Assert.Equal((true, true, "N.5"), (whole.First, whole.Last, events.Current.ResumeToken));
        Assert.Equal(["", ""], script.Requests.Select(request => request.ResumeToken));
    }

    [Fact]
    public async Task Watch_begins_where_it_is_told_to_with_its_filter()
    {
        var script = new ScriptedEvents([[Room(8, "a"), Heartbeat(9)]]);
        EventWatch watch = new()
        {
            Rooms = ["a"],
            LiveStreams = ["s"],
            Kinds = [EventKind.Room],
            ResumeToken = "N.7",
            Heartbeat = TimeSpan.FromSeconds(3),
            IncludeHeartbeats = true,
        };
        Assert.Equal(["RoomUpserted 8", "Heartbeat 9"], await ReadAsync(script, watch, 2));
        Assert.Equal(
            new WatchRequest
            { Rooms = { "a" }, LiveStreams = { "s" }, Kinds = { EventKind.Room }, ResumeToken = "N.7", HeartbeatSeconds = 3 },
            Assert.Single(script.Requests));
    }

    [Fact]
    public async Task Silent_connection_is_given_up()
    {
        var script = new ScriptedEvents([[Snapshot(5), ScriptedEvents.Silence], [Room(6, "a")]]);
        List<string> causes = [];
        EventWatch watch = AtOnce with { Interrupted = (cause, _) => causes.Add(cause.Message) };
        await using IAsyncEnumerator<GatewayEvent> events = Events(script, watch);
        Assert.True(await events.MoveNextAsync());
        Task<bool> next = events.MoveNextAsync().AsTask();

        _clock.Advance(TimeSpan.FromSeconds(24));
        Assert.Single(script.Requests);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await next.WaitAsync(Patience));
        Assert.Equal("RoomUpserted 6", Describe(events.Current));
        Assert.Equal(["The gateway has been silent for 25 s."], causes);
    }

    [Fact]
    public async Task Time_that_the_reader_takes_is_no_silence()
    {
        var script = new ScriptedEvents([[Snapshot(5), Room(6, "a")], []]);
        await using IAsyncEnumerator<GatewayEvent> events = Events(script, AtOnce);
        Assert.True(await events.MoveNextAsync());
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await events.MoveNextAsync());
        Assert.Single(script.Requests);
    }

    [Fact]
    public async Task Next_attempt_comes_after_the_pause()
    {
        var script = new ScriptedEvents([[], [Snapshot(5)]]);
        TimeSpan paused = default;
        EventWatch watch = new() { FirstPause = TimeSpan.FromSeconds(2), Interrupted = (_, pause) => paused = pause };
        await using IAsyncEnumerator<GatewayEvent> events = Events(script, watch);
        Task<bool> next = events.MoveNextAsync().AsTask();

        Assert.InRange(paused.TotalSeconds, 1, 2);
        _clock.Advance(paused - TimeSpan.FromMilliseconds(2));
        Assert.Single(script.Requests);
        _clock.Advance(TimeSpan.FromMilliseconds(4));
        Assert.True(await next.WaitAsync(Patience));
    }

    [Fact]
    public async Task Cancellation_ends_the_enumeration_while_it_reads_and_while_it_pauses()
    {
        foreach (IReadOnlyList<WatchResponse> connection in (IReadOnlyList<WatchResponse>[])[[ScriptedEvents.Silence], []])
        {
            using var cancellation = new CancellationTokenSource();
            var script = new ScriptedEvents([connection]);
            await using IAsyncEnumerator<GatewayEvent> events =
                EventStream.ReadAsync(script.Client, new EventWatch(), _clock, cancellation.Token).GetAsyncEnumerator();
            Task<bool> next = events.MoveNextAsync().AsTask();
            Assert.False(next.IsCompleted);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Patience));
        }
    }

    [Fact]
    public void Heartbeat_is_a_second_to_a_minute()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventWatch { Heartbeat = TimeSpan.FromMilliseconds(500) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EventWatch { Heartbeat = TimeSpan.FromMinutes(2) });
    }

    private async Task<List<string>> ReadAsync(ScriptedEvents script, EventWatch watch, int count)
    {
        List<string> told = [];
        await using IAsyncEnumerator<GatewayEvent> events = Events(script, watch);
        while (told.Count < count && await events.MoveNextAsync().AsTask().WaitAsync(Patience))
            told.Add(Describe(events.Current));
        return told;
    }

    private IAsyncEnumerator<GatewayEvent> Events(ScriptedEvents script, EventWatch watch) =>
        EventStream.ReadAsync(script.Client, watch, _clock, CancellationToken.None).GetAsyncEnumerator();

    private static string Describe(GatewayEvent told) =>
        $"{told.Kind} {told.Sequence}{(told.Missed is { } missed ? $" instead of what was missed: {missed.Reason}" : "")}";

    private static WatchResponse Snapshot(long sequence) => Part(sequence, new SnapshotPart { First = true, Last = true });

    private static WatchResponse Part(long sequence, SnapshotPart part)
    {
        WatchResponse message = Message(sequence, new WatchResponse { SnapshotPart = part });
        if (!part.Last)
            message.ResumeToken = "";
        return message;
    }

    private static WatchResponse Room(long sequence, string name) =>
        Message(sequence, new WatchResponse { RoomUpserted = new Room { Name = name } });

    private static WatchResponse Heartbeat(long sequence) => Message(sequence, new WatchResponse { Heartbeat = new Heartbeat() });

    /// <summary>Announces a snapshot, with a token that must not be used: it would leave the snapshot out.</summary>
    private static WatchResponse Missed(long sequence) =>
        Message(sequence, new WatchResponse { Missed = new Missed { Reason = MissedReason.TokenUnknown } });

    private static WatchResponse Message(long sequence, WatchResponse message)
    {
        message.Sequence = sequence;
        message.ResumeToken = $"N.{sequence}";
        return message;
    }
}
