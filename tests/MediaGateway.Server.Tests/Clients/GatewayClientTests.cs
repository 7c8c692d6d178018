using System.Reflection;
using Grpc.Core;
using MediaGateway.Client;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Clients;

/// <summary>The typed client against a running gateway.</summary>
public sealed class GatewayClientTests : IAsyncLifetime
{
    private ControlGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ControlGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Every_service_answers_a_token_that_an_api_key_signs()
    {
        using GatewayClient client =
            Client(GatewayCredentials.FromApiKey(TestGateway.Key, TestGateway.Secret, GatewayGrants.Everything, "ada"));
        Room room = (await client.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage" })).Room;
        Assert.Equal(room.Sid, client.Rooms.GetRoom(new GetRoomRequest { Name = "stage" }).Room.Sid);
        Assert.Empty((await client.Participants.ListParticipantsAsync(new ListParticipantsRequest { Room = "stage" })).Participants);
        Assert.Empty((await client.Tracks.ListPublicationsAsync(new ListPublicationsRequest { Room = "stage" })).Publications);
        Assert.Empty((await client.LiveStreams.ListLiveStreamsAsync(new ListLiveStreamsRequest())).LiveStreams);
        using AsyncServerStreamingCall<WatchStatsResponse> stats = client.Stats.WatchStats(new WatchStatsRequest { IncludeNode = true });
        Assert.True(await stats.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(1, stats.ResponseStream.Current.Node.RoomCount);
        AuditRecord record =
            Assert.Single((await client.Node.ListAuditRecordsAsync(new ListAuditRecordsRequest())).Records);
        Assert.Equal((TestGateway.Key, "ada"), (record.Key, record.Identity));
    }

    [Fact]
    public async Task Grants_allow_what_they_say_and_no_more()
    {
        var grants = new GatewayGrants
        { Room = "stage", RoomAdmin = true, Control = true, RoomCreate = true, DestinationRoom = "elsewhere" };
        using GatewayClient client = Client(GatewayCredentials.FromApiKey(TestGateway.Key, TestGateway.Secret, grants));
        await client.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage" });
        await client.Rooms.UpdateRoomAsync(new UpdateRoomRequest { Name = "stage", Metadata = "m" });
        await _gateway.JoinAsync("stage", "ada");
        await client.Participants.MoveParticipantAsync(
            new MoveParticipantRequest { Room = "stage", Identity = "ada", DestinationRoom = "elsewhere" });
        GatewayException refusal = await Assert.ThrowsAsync<GatewayException>(
            async () => await client.Rooms.ListRoomsAsync(new ListRoomsRequest()));
        Assert.Equal((StatusCode.PermissionDenied, GatewayErrorCodes.NotGranted), (refusal.StatusCode, refusal.ErrorCode));
    }

    [Fact]
    public async Task Refusal_has_its_code_its_field_and_its_message()
    {
        using GatewayClient client = Admin();
        GatewayException none = await Assert.ThrowsAsync<GatewayException>(
            async () => await client.Rooms.GetRoomAsync(new GetRoomRequest { Name = "none" }));
        Assert.Equal((StatusCode.NotFound, GatewayErrorCodes.RoomNotFound, "", "There is no room none."),
            (none.StatusCode, none.ErrorCode, none.Field, none.Message));

        GatewayException page = Assert.Throws<GatewayException>(() => client.Rooms.ListRooms(new ListRoomsRequest { PageToken = "?" }));
        Assert.Equal((StatusCode.InvalidArgument, GatewayErrorCodes.InvalidPageToken, "page_token"),
            (page.StatusCode, page.ErrorCode, page.Field));

        using AsyncServerStreamingCall<WatchResponse> watch = client.Events.Watch(new WatchRequest { HeartbeatSeconds = -1 });
        GatewayException heartbeat =
            await Assert.ThrowsAsync<GatewayException>(() => watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("heartbeat_seconds", heartbeat.Field);
    }

    [Fact]
    public async Task Refused_token_is_asked_for_again()
    {
        var request = new TokenRequest("ada", "", false, false, TimeSpan.FromHours(1)) { NodeAdmin = true };
        Queue<string> tokens = new(["nonsense", TestGateway.Token(request)]);
        using GatewayClient client = Client(GatewayCredentials.FromCallback(_ => Task.FromResult(tokens.Dequeue())));
        GatewayException refusal = await Assert.ThrowsAsync<GatewayException>(() => DescribeNodeAsync(client));
        Assert.Equal((StatusCode.Unauthenticated, GatewayErrorCodes.TokenInvalid), (refusal.StatusCode, refusal.ErrorCode));
        Assert.NotEmpty((await client.Node.GetNodeAsync(new GetNodeRequest())).Node.Id);
        await client.Node.GetNodeAsync(new GetNodeRequest());
    }

    [Fact]
    public async Task Callback_that_fails_fails_the_call()
    {
        using GatewayClient client =
            Client(GatewayCredentials.FromCallback(_ => throw new InvalidOperationException("The vault is shut.")));
        GatewayException failure = await Assert.ThrowsAsync<GatewayException>(() => DescribeNodeAsync(client));
        Assert.Equal("", failure.ErrorCode);
        Assert.Contains("The vault is shut.", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreachable_gateway_is_a_failure_without_a_code()
    {
        using GatewayClient client = new("http://127.0.0.1:9", GatewayCredentials.FromToken("t"));
        GatewayException failure = await Assert.ThrowsAsync<GatewayException>(() => DescribeNodeAsync(client));
        Assert.Equal((StatusCode.Unavailable, ""), (failure.StatusCode, failure.ErrorCode));
        Assert.NotNull(failure.Status.DebugException);

        GatewayException watched = await Assert.ThrowsAsync<GatewayException>(async () =>
        {
            await foreach (GatewayEvent told in client.WatchAsync(new EventWatch { WaitForGateway = false }))
                Assert.Fail($"{told} came from nowhere.");
        });
        Assert.Equal(StatusCode.Unavailable, watched.StatusCode);
    }

    [Fact]
    public async Task Cancelled_call_throws_what_cancelled_tasks_throw_and_a_deadline_a_status()
    {
        using GatewayClient client = Admin();
        using var cancellation = new CancellationTokenSource();
        using AsyncServerStreamingCall<WatchResponse> watch =
            client.Events.Watch(new WatchRequest(), cancellationToken: cancellation.Token);
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Task<bool> next = watch.ResponseStream.MoveNext(CancellationToken.None);
        await cancellation.CancelAsync();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await client.Node.GetNodeAsync(new GetNodeRequest(), cancellationToken: cancellation.Token));

        using AsyncServerStreamingCall<WatchResponse> late =
            client.Events.Watch(new WatchRequest(), deadline: DateTime.UtcNow.AddMilliseconds(1));
        GatewayException deadline = await Assert.ThrowsAsync<GatewayException>(async () =>
        {
            while (await late.ResponseStream.MoveNext(CancellationToken.None))
            {
                // The snapshot may have been faster.
            }
        });
        Assert.Equal(StatusCode.DeadlineExceeded, deadline.StatusCode);
    }

    [Fact]
    public void Codes_are_those_of_the_gateway_that_its_control_api_answers_with()
    {
        ErrorCode[] otherSurfaces =
        [
            ErrorCode.MalformedSdp, ErrorCode.MalformedFragment, ErrorCode.JoinNotGranted, ErrorCode.NotSessionOwner,
            ErrorCode.ForeignOrigin, ErrorCode.SessionNotFound, ErrorCode.NotFound, ErrorCode.MethodNotAllowed, ErrorCode.NoCommonCodec,
            ErrorCode.RequestTimeout, ErrorCode.StreamTaken, ErrorCode.StaleETag, ErrorCode.UnsupportedContentType,
            ErrorCode.UnsupportedContentEncoding, ErrorCode.UnusableSdp,
            ErrorCode.IfMatchRequired, ErrorCode.MalformedMessage,
        ];
        Assert.Equal(
            Enum.GetValues<ErrorCode>().Except(otherSurfaces).Select(code => (code.ToString(), GrpcErrors.ReasonOf(code))).Order(),
            typeof(GatewayErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => (field.Name, (string)field.GetRawConstantValue()!)).Order());
    }

    private static async Task DescribeNodeAsync(GatewayClient client) => await client.Node.GetNodeAsync(new GetNodeRequest());

    private GatewayClient Admin() =>
        Client(GatewayCredentials.FromToken(ControlGateway.Admin.GetValue("authorization")!["Bearer ".Length..]));

    private GatewayClient Client(GatewayCredentials credentials) => new(_gateway.ControlUrl, credentials);
}
