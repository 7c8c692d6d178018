using Echo.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;
using Microsoft.AspNetCore.Builder;

namespace MediaGateway.Server.Tests.Admission;

/// <summary>Tests of what methods need, as their .proto files say it, and of methods that do not say it.</summary>
public sealed class MethodAccessTests
{
    private static readonly VideoGrant Nothing = new(RoomJoin: false, "", CanPublish: false, CanSubscribe: false, TrackSources.None);

    private static readonly VideoGrant List = Nothing with { RoomList = true };

    private static readonly VideoGrant Stage = Nothing with { RoomAdmin = true, Room = "stage", DestinationRoom = "hall" };

    private static readonly VideoGrant Show = Nothing with { Control = true, Room = "show" };

    private static readonly VideoGrant Everything = Nothing with { NodeAdmin = true };

    [Fact]
    public void Service_with_a_method_that_does_not_say_what_it_needs_keeps_the_gateway_from_starting() => Assert.Contains(
        "echo.v1.EchoService.Say", Assert.Throws<InvalidOperationException>(() =>
            MethodAccess.OfService(EchoService.Descriptor, "echo.v1.EchoService")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Method_that_does_not_say_what_it_needs_is_refused_to_everybody()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(app => app.MapGrpcService<Connect.Echo>());
        var echo = new EchoService.EchoServiceClient(gateway.Channel);
        using AsyncUnaryCall<SayResponse> said = echo.SayAsync(new SayRequest(), ControlGateway.Admin);
        using AsyncClientStreamingCall<SayRequest, SayResponse> collected = echo.Collect(ControlGateway.Admin);
        using AsyncServerStreamingCall<SayResponse> repeated = echo.Repeat(new SayRequest { Count = 1 }, ControlGateway.Admin);
        using AsyncDuplexStreamingCall<SayRequest, SayResponse> chat = echo.Chat(ControlGateway.Admin);

        foreach (Func<Task> answer in new Func<Task>[]
        {
            async () => await said, async () => await collected, () => repeated.ResponseStream.MoveNext(CancellationToken.None),
            () => chat.ResponseStream.MoveNext(CancellationToken.None),
        })
            Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(answer)).StatusCode);
    }

    [Fact]
    public void Only_draining_is_commanded_while_the_gateway_drains() => Assert.Equal(
        ["/mediagateway.v1.NodeService/Drain"],
        ControlContracts.Services.SelectMany(service => MethodAccess.OfService(service, service.FullName).Values)
            .Where(method => method.IsOpenWhileDraining).Select(method => method.Path));

    [Fact]
    public void Grant_is_for_the_room_or_stream_that_the_request_names()
    {
        Assert.True(IsGranted("RoomService/UpdateRoom", new UpdateRoomRequest { Name = "stage" }, Stage));
        Assert.True(IsGranted("RoomService/UpdateRoom", new UpdateRoomRequest { Name = "other" }, Everything));
        Assert.False(IsGranted("RoomService/UpdateRoom", new UpdateRoomRequest { Name = "other" }, Stage));
        Assert.False(IsGranted("RoomService/UpdateRoom", new UpdateRoomRequest(), Stage));
        Assert.False(IsGranted("RoomService/UpdateRoom", new UpdateRoomRequest { Name = "stage" }, List));
        Assert.True(IsGranted("LiveStreamService/Cut", new CutRequest { LiveStream = "show" }, Show));
        Assert.False(IsGranted("LiveStreamService/Cut", new CutRequest { LiveStream = "stage" }, Stage));
    }

    [Fact]
    public void Every_field_that_names_something_needs_its_grant()
    {
        var move = new MoveParticipantRequest { Room = "stage", DestinationRoom = "hall" };
        Assert.True(IsGranted("ParticipantService/MoveParticipant", move, Stage));
        move.DestinationRoom = "cellar";
        Assert.False(IsGranted("ParticipantService/MoveParticipant", move, Stage));
        move.Room = move.DestinationRoom = "hall";
        Assert.False(IsGranted("ParticipantService/MoveParticipant", move, Stage));

        var add = new AddSourceRequest { LiveStream = "show", Source = new SourceSpec { Slate = new SlateSource() } };
        Assert.True(IsGranted("LiveStreamService/AddSource", add, Show));
        add.Source.Participant = new ParticipantSource { Room = "show" };
        Assert.True(IsGranted("LiveStreamService/AddSource", add, Show));
        add.Source.Participant.Room = "stage";
        Assert.False(IsGranted("LiveStreamService/AddSource", add, Show));
        add.Source.Publisher = new PublisherSource { Stream = "other" };
        Assert.False(IsGranted("LiveStreamService/AddSource", add, Show));
    }

    [Fact]
    public void Grant_for_everything_stands_in_for_grants_for_each_and_is_needed_when_nothing_is_named()
    {
        Assert.True(IsGranted("RoomService/GetRoom", new GetRoomRequest { Name = "stage" }, List));
        Assert.True(IsGranted("EventService/Watch", new WatchRequest { Rooms = { "stage", "other" } }, List));
        Assert.True(IsGranted("EventService/Watch", new WatchRequest { Rooms = { "stage" } }, Stage));
        Assert.False(IsGranted("EventService/Watch", new WatchRequest { Rooms = { "stage", "other" } }, Stage));
        Assert.False(IsGranted("EventService/Watch", new WatchRequest { Rooms = { "stage" }, LiveStreams = { "show" } }, Stage));
        Assert.False(IsGranted("EventService/Watch", new WatchRequest(), Stage));
        Assert.True(IsGranted("EventService/Watch", new WatchRequest(), List));
        Assert.False(IsGranted("StatsService/WatchStats", new WatchStatsRequest { Rooms = { "stage" }, IncludeNode = true }, Stage));
        Assert.True(IsGranted("StatsService/WatchStats", new WatchStatsRequest { Rooms = { "stage" }, IncludeNode = true }, List));
    }

    private static bool IsGranted(string method, IMessage request, VideoGrant grant)
    {
        string path = $"/mediagateway.v1.{method}";
        MethodDescriptor described = ControlContracts.Methods.Single(candidate => ControlContracts.PathOf(candidate) == path);
        MethodAccess access = MethodAccess.OfService(described.Service, described.Service.FullName)[path];
        try
        {
            access.Require(new Caller(new AccessToken(default, grant, new ParticipantClaims(), Signed: null!)), request);
            return true;
        }
        catch (ContractException refusal) when (refusal.Code == ErrorCode.NotGranted)
        {
            return false;
        }
    }
}
