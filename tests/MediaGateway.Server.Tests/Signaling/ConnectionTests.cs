using System.Net;
using System.Net.WebSockets;
using System.Text;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using Microsoft.IdentityModel.JsonWebTokens;

namespace MediaGateway.Server.Tests.Signaling;

/// <summary>Tests of how connections end, and of what a client cannot do to the gateway.</summary>
public sealed class ConnectionTests
{
    /// <summary>Time for which a client may be silent.</summary>
    private static readonly TimeSpan SilentTime = TimeSpan.FromSeconds(25);

    [Fact]
    public void Every_end_has_a_close_code()
        => Assert.Equal(Enum.GetValues<SignalEnd>().Except([SignalEnd.None]).Order(), SignalCloses.All.Keys.Order());

    [Fact]
    public async Task Client_that_leaves_is_let_go()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient client = await JoinAsync(gateway);

        await client.SendAsync(new SignalRequest { Leave = new LeaveRequest() });
        (WebSocketCloseStatus? status, string? reason, List<SignalResponse> before) = await client.ReceiveCloseAsync();

        Assert.Equal((WebSocketCloseStatus.NormalClosure, "left"), (status, reason));
        Assert.DoesNotContain(before, response => response.MessageCase == SignalResponse.MessageOneofCase.Leave);
        Assert.Equal("leave ClientInitiated Disconnect", await gateway.Rooms["alice"].NextAsync());
        Assert.False(gateway.Rooms["alice"].HasCalls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_that_goes_without_a_word_has_lost_its_signaling_only(bool politely)
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient client = await JoinAsync(gateway);

        if (politely)
            await client.CloseAsync();
        else
            client.Abort();

        Assert.Equal("signal lost", await gateway.Rooms["alice"].NextAsync());
        Assert.False(gateway.Rooms["alice"].HasLeft);
    }

    public static TheoryData<byte[], bool> Malformed => new()
    {
        { [0xff, 0xff, 0xff], false },
        { [0x0a, 0x7f], false },
        // A length of almost 2^31 within a message, found by the fuzz target: the library reads past the end.
        { [0x5a, 0x07, 0x12, 0xff, 0xff, 0xff, 0xff, 0x37, 0x62], false },
        { "nonsense"u8.ToArray(), true },
        { "[]"u8.ToArray(), true },
        { "{"u8.ToArray(), true },
        { """{"mute":5}"""u8.ToArray(), true },
        { """{"mute":{"sid":5}}"""u8.ToArray(), true },
        { """{"mute":{"sid":"\ud800"}}"""u8.ToArray(), true },
        { """{"mute":{},"leave":{}}"""u8.ToArray(), true },
        { Encoding.UTF8.GetBytes("""{"x":""" + new string('[', 100_000)), true },
        { Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("""{"mute":""", 1000))), true },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Malformed_message_closes_with_1007(byte[] message, bool isText)
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient client = await JoinAsync(gateway);

        await client.SendAsync(message, isText);
        (WebSocketCloseStatus? status, string? reason, _) = await client.ReceiveCloseAsync();

        Assert.Equal((WebSocketCloseStatus.InvalidPayloadData, "malformed message"), (status, reason));
        Assert.Equal("signal lost", await gateway.Rooms["alice"].NextAsync());
    }

    [Fact]
    public async Task Message_over_the_limit_closes_with_1009_and_one_at_the_limit_does_not()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Signaling:MaxMessageBytes", "65536"));
        await using SignalClient client = await JoinAsync(gateway);
        string ping = """{"pingReq":{"timestamp":"1"}}""";

        await client.SendTextAsync(ping + new string(' ', 65536 - ping.Length));
        await client.ReceiveAsync(SignalResponse.MessageOneofCase.PongResp);
        await client.SendTextAsync(ping + new string(' ', 65537 - ping.Length));
        (WebSocketCloseStatus? status, string? reason, _) = await client.ReceiveCloseAsync();

        Assert.Equal((WebSocketCloseStatus.MessageTooBig, "message too large"), (status, reason));
    }

    [Fact]
    public async Task Offer_of_a_large_meeting_is_read()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient client = await JoinAsync(gateway);
        string sdp = Descriptions.Audio + string.Concat(Enumerable.Repeat("a=x-padding:" + new string('x', 1000) + "\r\n", 50));

        await client.SendAsync(new SignalRequest { Offer = new SessionDescription { Type = "offer", Sdp = sdp, Id = 1 } });

        Assert.Equal("offer 1 1", await gateway.Rooms["alice"].NextAsync());
    }

    [Fact]
    public async Task Flood_closes_with_1008_and_time_makes_room_for_more()
    {
        ManualClock clock = new();
        await using TestGateway gateway = await TestGateway.StartAsync(
            "Production", clock, ("Signaling:MessageBurst", "5"), ("Signaling:MessagesPerSecond", "2"));
        await using SignalClient client = await JoinAsync(gateway);

        await PingAsync(client, 5);
        clock.Advance(TimeSpan.FromSeconds(1));
        await PingAsync(client, 2);
        await client.SendAsync(new SignalRequest { PingReq = new Ping() });
        (WebSocketCloseStatus? status, string? reason, _) = await client.ReceiveCloseAsync();

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "rate limited"), (status, reason));
        Assert.Equal("signal lost", await gateway.Rooms["alice"].NextAsync());
    }

    [Fact]
    public async Task Client_that_does_not_read_is_closed_with_1008_and_may_resume()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Signaling:MaxQueuedMessages", "200"));
        await using SignalClient client = await JoinAsync(gateway);
        FakeParticipant alice = gateway.Rooms["alice"];
        RoomNotification update = new RoomNotification.TrackUnpublished(new TrackSid(new string('x', 100_000)));

        // More than the sockets' buffers take.
        for (int i = 0; i < 400; i++)
            alice.Notify(update);
        (WebSocketCloseStatus? status, string? reason, List<SignalResponse> before) = await client.ReceiveCloseAsync();

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "too slow"), (status, reason));
        Assert.InRange(before.Count, 0, 250);
        Assert.Equal("signal lost", await alice.NextAsync());
        await using SignalClient again = await SignalClient.ConnectAsync(gateway, query: "sdk=js&reconnect=1");
        await again.ReceiveAsync(SignalResponse.MessageOneofCase.Reconnect);
    }

    [Fact]
    public async Task Bytes_that_wait_are_bounded_too()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Signaling:MaxQueuedBytes", "65536"));
        await using SignalClient client = await JoinAsync(gateway);

        gateway.Rooms["alice"].Notify(new RoomNotification.TrackUnpublished(new TrackSid(new string('x', 70_000))));
        (WebSocketCloseStatus? status, string? reason, _) = await client.ReceiveCloseAsync();

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "too slow"), (status, reason));
    }

    [Fact]
    public async Task Client_that_never_reads_again_is_cut_off()
    {
        ManualClock clock = new();
        await using TestGateway gateway = await TestGateway.StartAsync("Production", clock, ("Signaling:MaxQueuedMessages", "200"));
        await using SignalClient client = await JoinAsync(gateway);
        FakeParticipant alice = gateway.Rooms["alice"];

        for (int i = 0; i < 400; i++)
            alice.Notify(new RoomNotification.TrackUnpublished(new TrackSid(new string('x', 100_000))));
        Task<object> lost = alice.NextAsync();
        while (!lost.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(6));
            await Task.WhenAny(lost, Task.Delay(10));
        }

        Assert.Equal("signal lost", await lost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Clock_that_is_set_by_an_hour_ends_no_session_and_new_tokens_go_by_it(int hours)
    {
        ManualClock clock = new();
        await using TestGateway gateway = await TestGateway.StartAsync("Production", clock);
        await using SignalClient client = await JoinAsync(gateway);

        clock.Set(TimeSpan.FromHours(hours));
        for (TimeSpan passed = TimeSpan.Zero; passed < TokenRefresh.Interval - SilentTime; passed += SilentTime)
        {
            clock.Advance(SilentTime);
            await PingAsync(client, 1);
        }
        clock.Advance(SilentTime);
        SignalResponse refresh = await client.ReceiveAsync(skipRefresh: false);
        DateTime expiry = new JsonWebTokenHandler().ReadJsonWebToken(refresh.RefreshToken).ValidTo;

        Assert.InRange(expiry - clock.GetUtcNow().UtcDateTime, TokenRefresh.MinLifetime - TimeSpan.FromSeconds(2), TimeSpan.FromHours(7));
        await PingAsync(client, 1);
    }

    [Fact]
    public async Task Silent_sdk_loses_its_signaling_and_a_page_does_not()
    {
        ManualClock clock = new();
        await using TestGateway gateway = await TestGateway.StartAsync("Production", clock);
        await using SignalClient sdk = await JoinAsync(gateway);
        await using SignalClient page = await SignalClient.ConnectAsync(gateway, query: "", token: TestGateway.Token(identity: "page"));
        await page.ReceiveAsync(SignalResponse.MessageOneofCase.Join);

        clock.Advance(TimeSpan.FromSeconds(25));
        await PingAsync(sdk, 1);
        clock.Advance(TimeSpan.FromSeconds(25));
        await PingAsync(sdk, 1);
        clock.Advance(TimeSpan.FromSeconds(31));
        (WebSocketCloseStatus? status, string? reason, _) = await sdk.ReceiveCloseAsync();

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "no ping"), (status, reason));
        Assert.Equal("signal lost", await gateway.Rooms["alice"].NextAsync());
        await PingAsync(page, 1);
    }

    [Fact]
    public async Task Bug_in_serving_one_client_ends_its_connection_only()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient client = await JoinAsync(gateway);
        await using SignalClient other = await JoinAsync(gateway, "bob");
        gateway.Rooms["alice"].Bug = new InvalidOperationException("a bug");

        await client.SendAsync(new SignalRequest { Mute = new MuteTrackRequest { Sid = "TR_1" } });

        Assert.Equal("mute TR_1 False", await gateway.Rooms["alice"].NextAsync());
        Assert.Equal("signal lost", await gateway.Rooms["alice"].NextAsync());
        await PingAsync(other, 1);
    }

    [Fact]
    public async Task Stopping_gateway_tells_everybody_to_join_elsewhere()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient client = await JoinAsync(gateway);

        Task stopping = gateway.App.StopAsync();
        (_, _, List<SignalResponse> before) = await client.ReceiveCloseAsync();
        await stopping;

        LeaveRequest leave = before[^1].Leave;
        Assert.Equal(Server.Signaling.Messages.DisconnectReason.ServerShutdown, leave.Reason);
        Assert.Equal(LeaveRequest.Types.Action.Reconnect, leave.Action);
    }

    [Fact]
    public async Task Stopping_gateway_takes_nobody_in_and_closes_what_is_open_at_last()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient client = await JoinAsync(gateway);
        gateway.Rooms.TellsOfDrain = false;
        TaskCompletionSource drained = new();
        gateway.Streams.DrainUntil = drained.Task;

        Task stopping = gateway.App.StopAsync();
        await gateway.Streams.DrainStarted;
        using HttpResponseMessage refused =
            await gateway.Client.GetAsync(new Uri($"/rtc/validate?access_token={TestGateway.Token()}", UriKind.Relative));
        await PingAsync(client, 1);
        drained.SetResult();
        (WebSocketCloseStatus? status, string? reason, _) = await client.ReceiveCloseAsync();
        await stopping;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "stopped"), (status, reason));
    }

    [Fact]
    public async Task Same_identity_joining_again_puts_the_first_out()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        await using SignalClient first = await JoinAsync(gateway);
        await using SignalClient second = await JoinAsync(gateway);

        (WebSocketCloseStatus? status, _, List<SignalResponse> before) = await first.ReceiveCloseAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, status);
        Assert.Equal(
            Server.Signaling.Messages.DisconnectReason.DuplicateIdentity,
            before.Single(response => response.MessageCase == SignalResponse.MessageOneofCase.Leave).Leave.Reason);
        await PingAsync(second, 1);
    }

    [Fact]
    public async Task Token_never_shows_in_a_refusal()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        gateway.Rooms.Failure = new ContractException(ErrorCode.AtCapacity, "full");
        string token = TestGateway.Token();

        using HttpResponseMessage response =
            await gateway.Client.GetAsync(new Uri($"/rtc/validate?access_token={token}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.DoesNotContain(token, response + await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<SignalClient> JoinAsync(TestGateway gateway, string identity = "alice")
    {
        SignalClient client = await SignalClient.ConnectAsync(gateway, token: TestGateway.Token(identity: identity));
        await client.ReceiveAsync(SignalResponse.MessageOneofCase.Join);
        return client;
    }

    private static async Task PingAsync(SignalClient client, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await client.SendAsync(new SignalRequest { PingReq = new Ping() });
            await client.ReceiveAsync(SignalResponse.MessageOneofCase.PongResp);
        }
    }
}
