using Grpc.Core;
using MediaGateway.Client;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Clients;

/// <summary>The event stream against a running gateway, over connections that are cut.</summary>
public sealed class WatchedGatewayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EventWatch Eager = new()
    { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task Cut_connections_lose_nothing_and_repeat_nothing()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        using var connections = new CuttableConnections { Url = gateway.ControlUrl };
        using GatewayClient client = Client(connections);
        using AsyncServerStreamingCall<WatchResponse> whole = gateway.Events.Watch(new WatchRequest(), ControlGateway.Admin);
        Assert.True(await whole.ResponseStream.MoveNext(CancellationToken.None));
        await using IAsyncEnumerator<GatewayEvent> events = client.WatchAsync(Eager).GetAsyncEnumerator();
        Assert.Equal(WatchResponse.EventOneofCase.SnapshotPart, (await NextAsync(events)).Kind);

        Task<List<string>> expected = ReadUntilEndAsync(async () =>
        {
            Assert.True(await whole.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
            return whole.ResponseStream.Current;
        });
        Task<List<string>> told = ReadUntilEndAsync(async () =>
        {
            GatewayEvent next = await NextAsync(events);
            Assert.Null(next.Missed);
            return next.Message;
        });
        for (int change = 0; change < 100; change++)
        {
            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = $"room {change}" }, ControlGateway.Admin);
            if (change % 10 == 5)
                connections.Cut();
        }
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "end" }, ControlGateway.Admin);

        Assert.Equal(await expected.WaitAsync(Patience), await told.WaitAsync(Patience));
        Assert.True(connections.Count > 1, "No connection was cut.");
    }

    [Fact]
    public async Task Gateway_that_was_started_again_replaces_the_past_and_says_so()
    {
        using var connections = new CuttableConnections { Url = "http://127.0.0.1:9" };
        using GatewayClient client = Client(connections);
        await using IAsyncEnumerator<GatewayEvent> events = client.WatchAsync(Eager).GetAsyncEnumerator();
        Task<GatewayEvent> first = NextAsync(events);
        await using (ControlGateway before = await ControlGateway.StartAsync())
        {
            connections.Url = before.ControlUrl;
            Assert.Null((await first).Missed);
            await before.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "old" }, ControlGateway.Admin);
            Assert.Equal("old", (await NextAsync(events)).Message.RoomUpserted.Name);
        }
        await using ControlGateway after = await ControlGateway.StartAsync();
        await after.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "new" }, ControlGateway.Admin);
        connections.Url = after.ControlUrl;

        GatewayEvent replaced = await NextAsync(events);
        // The first gateway may have told that it closed its room.
        if (replaced.Kind == WatchResponse.EventOneofCase.RoomRemoved)
            replaced = await NextAsync(events);
        Assert.Equal(MissedReason.TokenUnknown, replaced.Missed!.Reason);
        Assert.Equal("new", Assert.Single(replaced.Message.SnapshotPart.Rooms).Name);
    }

    [Fact]
    public async Task Watch_outlives_its_tokens()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        int issued = 0;
        using GatewayClient client = new(gateway.ControlUrl, GatewayCredentials.FromCallback(_ =>
        {
            issued++;
            return Task.FromResult(TestGateway.Token(
                new TokenRequest("director", "", false, false, TimeSpan.FromSeconds(2)) { NodeAdmin = true }));
        }));
        var renewed = new TaskCompletionSource<GatewayException>(TaskCreationOptions.RunContinuationsAsynchronously);
        EventWatch watch = Eager with { Interrupted = (cause, _) => renewed.TrySetResult(cause) };
        await using IAsyncEnumerator<GatewayEvent> events = client.WatchAsync(watch).GetAsyncEnumerator();
        await NextAsync(events);
        Task<GatewayEvent> next = NextAsync(events);

        Assert.Equal(GatewayErrorCodes.TokenExpired, (await renewed.Task.WaitAsync(Patience)).ErrorCode);
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "later" }, ControlGateway.Admin);
        Assert.Equal("later", (await next).Message.RoomUpserted.Name);
        // One for each two seconds that the machine took.
        Assert.InRange(issued, 2, 10);
    }

    private static GatewayClient Client(CuttableConnections connections) => new(new GatewayClientOptions
    {
        Address = new Uri("http://gateway.test"),
        Credentials = GatewayCredentials.FromApiKey(TestGateway.Key, TestGateway.Secret, GatewayGrants.Everything),
        HttpHandler = connections.Handler,
    });

    private static async Task<GatewayEvent> NextAsync(IAsyncEnumerator<GatewayEvent> events)
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
        return events.Current;
    }

    private static async Task<List<string>> ReadUntilEndAsync(Func<Task<WatchResponse>> next)
    {
        List<string> told = [];
        while (true)
        {
            WatchResponse message = await next();
            if (message.EventCase == WatchResponse.EventOneofCase.Heartbeat)
                continue;
            told.Add($"{message.Sequence} {message.EventCase} {message.RoomUpserted?.Name}");
            if (message.RoomUpserted?.Name == "end")
                return told;
        }
    }
}
