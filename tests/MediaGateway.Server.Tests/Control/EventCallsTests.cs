using System.Diagnostics.Metrics;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Surfaces.Control;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;
using Microsoft.Extensions.DependencyInjection;

namespace MediaGateway.Server.Tests.Control;

public sealed class EventCallsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Watch_begins_with_what_there_is_and_goes_on_with_each_change()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await gateway.JoinAsync("stage", "ada");
        using var watch = new Watch(gateway, new WatchRequest());

        WatchResponse first = await watch.NextAsync();
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "other" }, ControlGateway.Admin);
        await gateway.Participants.UpdateParticipantAsync(new UpdateParticipantRequest
        { Room = "stage", Identity = "ada", Name = "Ada" }, ControlGateway.Admin);
        await gateway.Participants.RemoveParticipantAsync(new RemoveParticipantRequest
        { Room = "stage", Identity = "ada" }, ControlGateway.Admin);

        Assert.Equal("stage", Assert.Single(first.SnapshotPart.Rooms).Name);
        Assert.Equal("ada", Assert.Single(first.SnapshotPart.Participants).Participant.Identity);
        Assert.Equal("other", (await watch.NextAsync(WatchResponse.EventOneofCase.RoomUpserted, message =>
            message.RoomUpserted.Name == "other")).RoomUpserted.Name);
        Assert.Equal("Ada", (await watch.NextAsync(WatchResponse.EventOneofCase.ParticipantUpserted, message =>
            message.ParticipantUpserted.Participant.Name.Length > 0)).ParticipantUpserted.Participant.Name);
        ParticipantRemoved removed = (await watch.NextAsync(WatchResponse.EventOneofCase.ParticipantRemoved, _ => true)).ParticipantRemoved;
        Assert.Equal(("stage", "ada", DisconnectReason.ParticipantRemoved), (removed.Room, removed.Identity, removed.Reason));
    }

    [Fact]
    public async Task Two_hundred_cuts_at_random_and_resumed_lose_and_repeat_nothing()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        bool isOver = false;
        Task life = LiveAsync(gateway, new Random(seed + 1), () => Volatile.Read(ref isOver));
        var model = new WatchedState();
        string token = "";
        int snapshots = 0;

        for (int cut = 0; cut < 200; cut++)
        {
            using var watch = new Watch(gateway, new WatchRequest { ResumeToken = token });
            for (int i = random.Next(4); i >= 0; i--)
            {
                WatchResponse message = await watch.NextAsync();
                snapshots += message.SnapshotPart is { First: true } ? 1 : 0;
                model.Apply(message);
                token = message.ResumeToken;
            }
        }
        Volatile.Write(ref isOver, true);
        await life;
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "the end" }, ControlGateway.Admin);
        using (var last = new Watch(gateway, new WatchRequest { ResumeToken = token }))
        {
            while (!model.Rooms.ContainsKey("the end"))
                model.Apply(await last.NextAsync());
        }

        using var fresh = new Watch(gateway, new WatchRequest());
        var expected = new WatchedState();
        expected.Apply(await fresh.NextAsync());
        Assert.True(snapshots == 1, $"seed {seed}: {snapshots} snapshots");
        Assert.True(expected.Text == model.Text, $"seed {seed}:\n{model.Text}\ninstead of\n{expected.Text}");
    }

    [Fact]
    public async Task Reader_that_is_too_slow_is_told_what_it_missed_and_gets_everything_anew()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Control:EventHistory", "16"));
        using var counts = new RecordedCounts(gateway.Services.GetRequiredService<IMeterFactory>());
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage" }, ControlGateway.Admin);
        using var watch = new Watch(gateway, new WatchRequest());
        WatchResponse first = await watch.NextAsync();

        await FillWindowsAsync(gateway, "stage");

        var model = new WatchedState();
        model.Apply(first);
        WatchResponse? missed = null;
        for (WatchResponse message = first; !model.Text.Contains("199", StringComparison.Ordinal);)
        {
            message = await watch.NextAsync();
            model.Apply(message);
            missed = message.EventCase == WatchResponse.EventOneofCase.Missed ? message : missed;
        }
        Assert.NotNull(missed);
        Assert.Equal(MissedReason.SlowReader, missed.Missed.Reason);
        Assert.InRange(counts["mediagateway.watches.missed SlowReader"], 1, 200);
        Assert.InRange(missed.Missed.FromSequence, first.Sequence + 1, missed.Sequence);
    }

    [Fact]
    public async Task Filter_lets_through_the_rooms_streams_and_kinds_it_names()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        foreach (string room in (string[])["a", "b"])
            await gateway.JoinAsync(room, "ada");
        foreach (string stream in (string[])["x", "y"])
            await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest { Name = stream }, ControlGateway.Admin);

        Assert.Equal("rooms a b with ada ada, streams x y", await DescribeAsync(gateway, new WatchRequest()));
        Assert.Equal("rooms a with ada, streams", await DescribeAsync(gateway, new WatchRequest { Rooms = { "a" } }));
        Assert.Equal("rooms, streams y", await DescribeAsync(gateway, new WatchRequest { LiveStreams = { "y" } }));
        Assert.Equal("rooms a with ada, streams x",
            await DescribeAsync(gateway, new WatchRequest { Rooms = { "a" }, LiveStreams = { "x" } }));
        Assert.Equal("rooms a b with, streams", await DescribeAsync(gateway, new WatchRequest { Kinds = { EventKind.Room } }));
    }

    [Fact]
    public async Task Snapshot_comes_in_bounded_parts_and_whoever_is_cut_off_within_it_begins_anew()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Rooms:MaxRooms", "2000"));
        for (int i = 0; i < 1_200; i++)
        {
            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest
            { Name = $"room {i:D4}", Metadata = i < 20 ? new string('m', 60_000) : "" }, ControlGateway.Admin);
        }
        foreach (string identity in (string[])["ada", "ben"])
            await gateway.JoinAsync("room 0007", identity);
        await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest { Name = "show" }, ControlGateway.Admin);

        using var cut = new Watch(gateway, new WatchRequest());
        WatchResponse begun = await cut.NextAsync();
        List<WatchResponse> parts = [];
        using var watch = new Watch(gateway, new WatchRequest { ResumeToken = begun.ResumeToken });
        do
            parts.Add(await watch.NextAsync());
        while (!parts[^1].SnapshotPart.Last);
        await gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { Name = "room 0000" }, ControlGateway.Admin);
        using var resumed = new Watch(gateway, new WatchRequest { ResumeToken = parts[^1].ResumeToken });

        Assert.Equal((true, false), (begun.SnapshotPart.First, begun.SnapshotPart.Last));
        Assert.InRange(parts.Count, 7, 9);
        Assert.Equal([true, .. Enumerable.Repeat(false, parts.Count - 1)], parts.Select(part => part.SnapshotPart.First));
        Assert.All(parts, part =>
        {
            Assert.Equal(part.SnapshotPart.Last, part.ResumeToken.Length > 0);
            Assert.Equal(parts[0].Sequence, part.Sequence);
            Assert.InRange(part.SnapshotPart.Rooms.Count + part.SnapshotPart.Participants.Count + part.SnapshotPart.LiveStreams.Count,
                1, SnapshotParts.MaxItems);
            Assert.InRange(part.CalculateSize(), 1, BoundedParts.MaxBytes + 8_192);
        });
        Assert.Equal(Enumerable.Range(0, 1_200).Select(number => $"room {number:D4}"),
            parts.SelectMany(part => part.SnapshotPart.Rooms).Select(room => room.Name));
        Assert.Equal([("room 0007", "ada"), ("room 0007", "ben")], parts.SelectMany(part => part.SnapshotPart.Participants)
            .Select(member => (member.Room, member.Participant.Identity)));
        Assert.Equal("show", Assert.Single(parts.SelectMany(part => part.SnapshotPart.LiveStreams)).Name);
        Assert.Equal("room 0000", (await resumed.NextAsync()).RoomRemoved.Name);
    }

    [Theory]
    [InlineData("no-token")]
    [InlineData("N_0.5")]
    public async Task Resume_token_that_is_none_is_an_error(string token)
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        using var watch = new Watch(gateway, new WatchRequest { ResumeToken = token });
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(watch.NextAsync)).StatusCode);
    }

    [Fact]
    public async Task Token_of_another_run_or_another_filter_begins_anew_and_says_so()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        using var one = new Watch(gateway, new WatchRequest());
        string token = (await one.NextAsync()).ResumeToken;
        foreach (WatchRequest request in (WatchRequest[])[new() { ResumeToken = "N_0.5.00000000" }, new()
            { ResumeToken = token, Rooms = { "a" } }])
        {
            using var watch = new Watch(gateway, request);
            WatchResponse missed = await watch.NextAsync();
            Assert.Equal((MissedReason.TokenUnknown, ""), (missed.Missed.Reason, missed.ResumeToken));
            Assert.NotNull((await watch.NextAsync()).SnapshotPart);
        }
    }

    [Fact]
    public async Task Silence_has_heartbeats_and_an_expired_token_ends_the_watch()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        Metadata shortLived =
            ControlGateway.Bearer(new TokenRequest("director", "", false, false, TimeSpan.FromSeconds(5)) { NodeAdmin = true });
        using var watch = new Watch(gateway, new WatchRequest { HeartbeatSeconds = 1 }, shortLived);

        await watch.NextAsync();
        Assert.NotNull((await watch.NextAsync()).Heartbeat);
        RpcException end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
                await watch.NextAsync();
        });
        Assert.Equal(StatusCode.Unauthenticated, end.StatusCode);
    }

    [Fact]
    public async Task Watches_of_a_gateway_that_stops_amid_changes_are_told_so()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        for (int i = 0; i < 100; i++)
            await gateway.JoinAsync($"room {i % 10}", $"p{i}");
        Watch[] watches = [.. Enumerable.Range(0, 20).Select(_ => new Watch(gateway, new WatchRequest()))];
        foreach (Watch watch in watches)
            await watch.NextAsync();
        Task<StatusCode>[] ends = [.. watches.Select(watch => watch.EndAsync())];

        // Everybody is told to leave: hundreds of changes are being written when the watches end.
        await gateway.StopAsync();

        Assert.All(await Task.WhenAll(ends), end => Assert.Equal(StatusCode.Unavailable, end));
        foreach (Watch watch in watches)
            watch.Dispose();
    }

    [Fact]
    public async Task Reader_that_reads_nothing_does_not_hold_up_a_stop()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage" }, ControlGateway.Admin);
        using var watch = new Watch(gateway, new WatchRequest());
        await watch.NextAsync();
        await FillWindowsAsync(gateway, "stage");

        // Nobody has to be waited for: the time that participants may take, and the framework's after it, is longer.
        await gateway.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Reader_whose_filter_leaves_everything_out_has_heartbeats_that_keep_its_token_up_to_date()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Control:EventHistory", "100"));
        using var watch = new Watch(gateway, new WatchRequest { Rooms = { "quiet" }, HeartbeatSeconds = 1 });
        WatchResponse first = await watch.NextAsync();
        Task<WatchResponse> next = watch.NextAsync();
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "busy" }, ControlGateway.Admin);
        for (int i = 0; !next.IsCompleted; i++)
            await gateway.Rooms.UpdateRoomAsync(new UpdateRoomRequest { Name = "busy", Metadata = $"{i}" }, ControlGateway.Admin);

        WatchResponse heartbeat = await next;
        Assert.NotNull(heartbeat.Heartbeat);
        Assert.InRange(heartbeat.Sequence, first.Sequence + 1, long.MaxValue);
        using var resumed = new Watch(gateway, new WatchRequest
        { Rooms = { "quiet" }, HeartbeatSeconds = 1, ResumeToken = heartbeat.ResumeToken });
        Assert.NotNull((await resumed.NextAsync()).Heartbeat);
    }

    [Fact]
    public async Task There_are_as_many_watchers_as_there_may_be()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Control:MaxWatchers", "2"));
        using var one = new Watch(gateway, new WatchRequest());
        using var two = new Watch(gateway, new WatchRequest());
        await one.NextAsync();
        await two.NextAsync();
        using var three = new Watch(gateway, new WatchRequest());
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(three.NextAsync)).StatusCode);
    }

    /// <summary>Changes more than the connection's windows hold, so that the gateway has to stop writing.</summary>
    private static async Task FillWindowsAsync(ControlGateway gateway, string room)
    {
        for (int i = 0; i < 200; i++)
            await gateway.Rooms.UpdateRoomAsync(new UpdateRoomRequest
            { Name = room, Metadata = new string((char)('a' + (i % 26)), 60_000) + i }, ControlGateway.Admin);
    }

    /// <summary>People come and go, rooms and streams open and close.</summary>
    private static async Task LiveAsync(ControlGateway gateway, Random random, Func<bool> isOver)
    {
        Metadata admin = ControlGateway.Admin;
        while (!isOver())
        {
            string room = $"room {random.Next(4)}", who = $"p{random.Next(6)}", stream = $"s{random.Next(3)}";
            try
            {
                switch (random.Next(7))
                {
                    case 0:
                        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = room }, admin);
                        break;
                    case 1:
                        await gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { Name = room }, admin);
                        break;
                    case 2 or 3:
                        await gateway.JoinAsync(room, who);
                        break;
                    case 4:
                        await gateway.Participants.UpdateParticipantAsync(new UpdateParticipantRequest
                        { Room = room, Identity = who, Metadata = $"{random.Next(100)}" }, admin);
                        break;
                    case 5:
                        await gateway.LiveStreams.CreateLiveStreamAsync(new CreateLiveStreamRequest
                        { Name = stream, Metadata = $"{random.Next(100)}" }, admin);
                        break;
                    default:
                        await gateway.LiveStreams.DeleteLiveStreamAsync(new DeleteLiveStreamRequest { Name = stream }, admin);
                        break;
                }
            }
            catch (RpcException refusal) when (refusal.StatusCode == StatusCode.NotFound)
            {
                // It is not there at the moment.
            }
        }
    }

    private static async Task<string> DescribeAsync(ControlGateway gateway, WatchRequest request)
    {
        using var watch = new Watch(gateway, request);
        SnapshotPart snapshot = (await watch.NextAsync()).SnapshotPart;
        Assert.Equal((true, true), (snapshot.First, snapshot.Last));
        string rooms = string.Concat(snapshot.Rooms.Select(room => " " + room.Name));
        string people = snapshot.Rooms.Count == 0 ? "" : " with"
            + string.Concat(snapshot.Participants.Select(member => " " + member.Participant.Identity));
        return $"rooms{rooms}{people}, streams{string.Concat(snapshot.LiveStreams.Select(stream => " " + stream.Name))}";
    }

    private sealed class Watch(ControlGateway gateway, WatchRequest request, Metadata? metadata = null) : IDisposable
    {
        private readonly AsyncServerStreamingCall<WatchResponse> _call = gateway.Events.Watch(request, metadata ?? ControlGateway.Admin);

        public async Task<WatchResponse> NextAsync()
        {
            Assert.True(await _call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
            return _call.ResponseStream.Current;
        }

        /// <summary>The next of a kind that is as asked for; others are passed over.</summary>
        public async Task<WatchResponse> NextAsync(WatchResponse.EventOneofCase kind, Predicate<WatchResponse> isWanted)
        {
            while (true)
            {
                WatchResponse message = await NextAsync();
                if (message.EventCase == kind && isWanted(message))
                    return message;
            }
        }

        /// <summary>Reads to the end; the status that it ended with.</summary>
        public async Task<StatusCode> EndAsync()
        {
            try
            {
                while (true)
                    await NextAsync();
            }
            catch (RpcException end)
            {
                return end.StatusCode;
            }
        }

        public void Dispose() => _call.Dispose();
    }
}
