using System.Net.WebSockets;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Options;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Server.Tests.Support;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using MediaGateway.Sfu.Rooms.Tracks;
using DisconnectReason = MediaGateway.Server.Signaling.Messages.DisconnectReason;
using SyncState = MediaGateway.Server.Signaling.Messages.SyncState;

namespace MediaGateway.Server.Tests.Signaling;

public sealed class ResumeTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync("Production", _clock);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("/rtc", "sdk=js&reconnect=1&sid=PA_1")]
    [InlineData("/rtc", "sdk=js&reconnect=true")]
    [InlineData("/rtc/v1", "reconnect=1&sid=PA_1")]
    public async Task Resume_begins_with_reconnect_and_ends_the_old_connection(string path, string query)
    {
        await using SignalClient first = await JoinAsync();

        await using SignalClient second = await SignalClient.ConnectAsync(_gateway, path, query);
        SignalResponse reconnect = await second.ReceiveAsync(skipRefresh: false);
        await second.ReceiveAsync(SignalResponse.MessageOneofCase.Update);
        await second.ReceiveAsync(SignalResponse.MessageOneofCase.RoomUpdate);
        (WebSocketCloseStatus? status, string? reason, List<SignalResponse> before) = await first.ReceiveCloseAsync();

        Assert.Equal(FakeParticipant.LastReliableSequence, reconnect.Reconnect.LastMessageSeq);
        Assert.Equal(17, reconnect.Reconnect.ServerInfo.Protocol);
        Assert.Equal((WebSocketCloseStatus.NormalClosure, "resumed on another connection"), (status, reason));
        Assert.DoesNotContain(before, response => response.MessageCase == SignalResponse.MessageOneofCase.Leave);
        Assert.False(_gateway.Rooms["alice"].HasCalls);
    }

    [Fact]
    public async Task Join_request_resumes_too_and_brings_the_state()
    {
        await using SignalClient first = await JoinAsync();
        JoinRequest request = new()
        { Reconnect = true, ParticipantSid = "PA_1", SyncState = new SyncState { TrackSidsDisabled = { "TR_1" } } };

        await using SignalClient second = await SignalClient.ConnectAsync(
            _gateway, query: "join_request=" + JoinTests.Wrap(request, WrappedJoinRequest.Types.Compression.Gzip, padded: true));

        await second.ReceiveAsync(SignalResponse.MessageOneofCase.Reconnect);
        Assert.Equal(new TrackSid("TR_1"),
            Assert.Single(Assert.IsType<Sfu.Rooms.Members.SyncState>(await _gateway.Rooms["alice"].NextAsync()).DisabledTracks));
    }

    [Theory]
    [InlineData("reconnect=1", "nobody")]
    [InlineData("reconnect=1&sid=PA_other", "alice")]
    public async Task Nobody_to_resume_is_told_to_join_anew(string query, string identity)
    {
        await using SignalClient first = await JoinAsync();
        await using SignalClient client =
            await SignalClient.ConnectAsync(_gateway, "/rtc", "sdk=js&" + query, TestGateway.Token(identity: identity));

        (WebSocketCloseStatus? status, _, List<SignalResponse> before) = await client.ReceiveCloseAsync();

        LeaveRequest leave = Assert.Single(before).Leave;
        Assert.Equal(DisconnectReason.StateMismatch, leave.Reason);
        Assert.Equal(LeaveRequest.Types.Action.Reconnect, leave.Action);
        Assert.True(leave.CanReconnect);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, status);
    }

    [Fact]
    public async Task Plain_page_that_cannot_be_resumed_is_told_in_json()
    {
        await using SignalClient client = await SignalClient.ConnectAsync(_gateway, query: "reconnect=1");

        (_, _, List<SignalResponse> before) = await client.ReceiveCloseAsync();

        Assert.Equal(WebSocketMessageType.Text, client.LastForm);
        Assert.Equal(DisconnectReason.StateMismatch, Assert.Single(before).Leave.Reason);
    }

    [Fact]
    public async Task Token_is_refreshed_at_once_and_every_five_minutes()
    {
        string original =
            TestGateway.Token(new TokenRequest("alice", "stage", true, false, TimeSpan.FromMinutes(1)) { Name = "Alice", Hidden = true });
        await using SignalClient client = await SignalClient.ConnectAsync(_gateway, query: "", token: original);
        Assert.NotNull((await client.ReceiveAsync(skipRefresh: false)).Join);
        await AssertRefreshAsync(client, TokenRefresh.MinLifetime);

        _clock.Advance(TokenRefresh.Interval);
        await AssertRefreshAsync(client, TokenRefresh.MinLifetime);
    }

    [Fact]
    public async Task Refreshed_token_never_ends_before_the_original()
    {
        await using SignalClient client = await SignalClient.ConnectAsync(_gateway, token: TestGateway.Token(validForSeconds: 6 * 3600));
        await client.ReceiveAsync(SignalResponse.MessageOneofCase.Join);

        await AssertRefreshAsync(client, TimeSpan.FromHours(6));
    }

    [Fact]
    public async Task Refreshed_token_says_what_the_participant_may_do_now()
    {
        await using SignalClient client = await SignalClient.ConnectAsync(_gateway);
        await client.ReceiveAsync(SignalResponse.MessageOneofCase.Join);
        await client.ReceiveAsync(skipRefresh: false);
        _gateway.Rooms["alice"].Notify(new RoomNotification.PermissionsChanged(new ParticipantPermissions
        {
            CanPublish = true,
            CanSubscribe = false,
            CanPublishSources = [Sfu.Rooms.Tracks.TrackSource.ScreenShare, Sfu.Rooms.Tracks.TrackSource.ScreenShareAudio],
            Hidden = true,
        }));

        _clock.Advance(TokenRefresh.Interval);
        AccessToken token = await ValidateAsync((await client.ReceiveAsync(skipRefresh: false)).RefreshToken);

        Assert.Equal((true, false, true), (token.Grant.CanPublish, token.Grant.CanSubscribe, token.Grant.Hidden));
        Assert.Equal(TrackSources.ScreenShare | TrackSources.ScreenShareAudio, token.Grant.PublishSources);
        Assert.Equal("stage", token.Grant.Room);
    }

    [Fact]
    public async Task Simulated_disconnect_on_resume_happens_once()
    {
        await using SignalClient first = await JoinAsync();
        await first.SendTextAsync("""{"simulate":{"disconnectSignalOnResume":true}}""");
        await PingAsync(first);

        await using SignalClient second = await SignalClient.ConnectAsync(_gateway, query: "sdk=js&reconnect=1");
        (WebSocketCloseStatus? status, string? reason, List<SignalResponse> before) = await second.ReceiveCloseAsync();
        await using SignalClient third = await SignalClient.ConnectAsync(_gateway, query: "sdk=js&reconnect=1");
        await third.ReceiveAsync(SignalResponse.MessageOneofCase.Reconnect);

        Assert.Equal((WebSocketCloseStatus.NormalClosure, "simulated"), (status, reason));
        Assert.Equal(SignalResponse.MessageOneofCase.Reconnect, before[0].MessageCase);
        await PingAsync(third);
    }

    [Fact]
    public async Task Simulated_disconnect_before_any_message()
    {
        await using SignalClient first = await JoinAsync();
        await first.SendTextAsync("""{"simulate":{"disconnectSignalOnResumeNoMessages":true}}""");
        await PingAsync(first);

        await using SignalClient second = await SignalClient.ConnectAsync(_gateway, query: "sdk=js&reconnect=1");
        (_, string? reason, List<SignalResponse> before) = await second.ReceiveCloseAsync();

        Assert.Equal("simulated", reason);
        Assert.DoesNotContain(before, response => response.MessageCase == SignalResponse.MessageOneofCase.Reconnect);
    }

    [Fact]
    public async Task Simulated_migration_asks_the_client_to_resume()
    {
        await using SignalClient client = await JoinAsync();

        await client.SendTextAsync("""{"simulate":{"migration":true}}""");
        (WebSocketCloseStatus? status, _, List<SignalResponse> before) = await client.ReceiveCloseAsync();

        LeaveRequest leave = before[^1].Leave;
        Assert.Equal((DisconnectReason.Migration, LeaveRequest.Types.Action.Resume), (leave.Reason, leave.Action));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, status);
        Assert.Equal("signal lost", await _gateway.Rooms["alice"].NextAsync());
    }

    [Fact]
    public async Task Simulated_node_failure_is_silent_and_leaves_nobody_to_resume()
    {
        await using SignalClient client = await JoinAsync();

        await client.SendTextAsync("""{"simulate":{"nodeFailure":true}}""");
        (_, _, List<SignalResponse> before) = await client.ReceiveCloseAsync();
        await using SignalClient again = await SignalClient.ConnectAsync(_gateway, query: "sdk=js&reconnect=1");

        Assert.DoesNotContain(before, response => response.MessageCase == SignalResponse.MessageOneofCase.Leave);
        Assert.Equal(DisconnectReason.StateMismatch, (await again.ReceiveAsync()).Leave.Reason);
    }

    [Fact]
    public async Task Simulated_speaker_speaks_for_a_while()
    {
        await using SignalClient client = await JoinAsync();

        await client.SendTextAsync("""{"simulate":{"speakerUpdate":3}}""");
        Server.Signaling.Messages.SpeakerInfo speaks = Assert.Single((await client.ReceiveAsync()).SpeakersChanged.Speakers);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Server.Signaling.Messages.SpeakerInfo rests = Assert.Single((await client.ReceiveAsync()).SpeakersChanged.Speakers);

        Assert.Equal(("PA_1", true, 1f), (speaks.Sid, speaks.Active, speaks.Level));
        Assert.Equal(("PA_1", false, 0f), (rests.Sid, rests.Active, rests.Level));
    }

    private async Task<SignalClient> JoinAsync()
    {
        SignalClient client = await SignalClient.ConnectAsync(_gateway);
        await client.ReceiveAsync(SignalResponse.MessageOneofCase.Join);
        return client;
    }

    private static async Task PingAsync(SignalClient client)
    {
        await client.SendAsync(new SignalRequest { PingReq = new Ping() });
        while ((await client.ReceiveAsync()).MessageCase != SignalResponse.MessageOneofCase.PongResp)
        {
        }
    }

    private ValueTask<AccessToken> ValidateAsync(string token) => new TokenValidator(
        new ApiKeys(new AuthOptions { Keys = new Dictionary<string, Secret> { [TestGateway.Key] = new(TestGateway.Secret) } }), _clock)
            .ValidateAsync(token);

    private async Task AssertRefreshAsync(SignalClient client, TimeSpan validFor)
    {
        AccessToken token = await ValidateAsync((await client.ReceiveAsync(skipRefresh: false)).RefreshToken);
        Assert.Equal(_gateway.Rooms["alice"].Options.Name, token.Claims.Name);
        Assert.Equal(_gateway.Rooms["alice"].Options.Permissions.CanSubscribe, token.Grant.CanSubscribe);
        Assert.Equal(_gateway.Rooms["alice"].Options.Permissions.Hidden, token.Grant.Hidden);
        Assert.Equal("stage", token.Grant.Room);
        Assert.Equal(_clock.GetUtcNow() + validFor, new DateTimeOffset(token.Signed.ValidTo, TimeSpan.Zero), TimeSpan.FromSeconds(10));
    }
}
