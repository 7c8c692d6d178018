using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Control;

public sealed class RoomCallsTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Room_is_created_once_updated_listed_and_deleted()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();

        CreateRoomResponse first = await gateway.Rooms.CreateRoomAsync(
            new CreateRoomRequest { Name = "stage", Metadata = "one", MaxParticipants = 5, EmptyTimeout = Duration.FromTimeSpan(Hour) },
                ControlGateway.Admin);
        CreateRoomResponse second =
            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage", Metadata = "two" }, ControlGateway.Admin);
        UpdateRoomResponse updated = await gateway.Rooms.UpdateRoomAsync(
            new UpdateRoomRequest { Name = "stage", Metadata = "three", DepartureTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(3)) },
                ControlGateway.Admin);

        Assert.True(first.Created);
        Assert.False(second.Created);
        Assert.Equal(first.Room, second.Room);
        Assert.StartsWith("RM_", first.Room.Sid, StringComparison.Ordinal);
        Assert.Equal((5, Hour, "three", 3), (updated.Room.MaxParticipants, updated.Room.EmptyTimeout.ToTimeSpan(), updated.Room.Metadata,
            updated.Room.DepartureTimeout.Seconds));
        Assert.Equal(updated.Room, (await gateway.Rooms.GetRoomAsync(new GetRoomRequest { Name = "stage" }, ControlGateway.Admin)).Room);

        await gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { Name = "stage" }, ControlGateway.Admin);
        Assert.Empty((await gateway.Rooms.ListRoomsAsync(new ListRoomsRequest(), ControlGateway.Admin)).Rooms);
    }

    [Fact]
    public async Task Preset_fills_in_what_the_request_leaves_out()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(
            ("Rooms:Presets:0:Name", "class"), ("Rooms:Presets:0:MaxParticipants", "30"), ("Rooms:Presets:0:EmptyTimeoutSeconds", "60"),
            ("Rooms:Presets:0:Metadata", "lesson"));

        Room room = (await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest
        { Name = "maths", Preset = "class", MaxParticipants = 7 }, ControlGateway.Admin)).Room;

        Assert.Equal((7, 60, 20, "lesson"),
            (room.MaxParticipants, room.EmptyTimeout.Seconds, room.DepartureTimeout.Seconds, room.Metadata));
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "x", Preset = "party" }, ControlGateway.Admin));
        Assert.Equal((StatusCode.InvalidArgument, true),
            (refusal.StatusCode, refusal.Status.Detail.Contains("class", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rooms_are_listed_by_name_a_page_at_a_time()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        foreach (int number in Enumerable.Range(0, 25))
            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = $"room {number:D2} é" }, ControlGateway.Admin);

        List<string> names = [];
        string token = "";
        int pages = 0;
        do
        {
            ListRoomsResponse page =
                await gateway.Rooms.ListRoomsAsync(new ListRoomsRequest { PageSize = 10, PageToken = token }, ControlGateway.Admin);
            names.AddRange(page.Rooms.Select(room => room.Name));
            token = page.NextPageToken;
            pages++;
        }
        while (token.Length > 0);

        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 25).Select(number => $"room {number:D2} é"), names);
        Assert.Equal(["room 03 é"], (await gateway.Rooms.ListRoomsAsync(new ListRoomsRequest
        { Names = { "room 03 é", "none" } }, ControlGateway.Admin)).Rooms.Select(room => room.Name));
    }

    [Fact]
    public async Task Repeated_request_id_gets_the_first_answer_and_another_request_under_it_none()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        var request = new CreateRoomRequest { RequestId = "r-1", Name = "stage" };

        CreateRoomResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => gateway.Rooms.CreateRoomAsync(request, ControlGateway.Admin).ResponseAsync));
        await gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { RequestId = "r-2", Name = "stage" }, ControlGateway.Admin);
        await gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { RequestId = "r-2", Name = "stage" }, ControlGateway.Admin);

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.True(answers[0].Created);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            async () =>
            await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { RequestId = "r-1", Name = "other" }, ControlGateway.Admin));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        ListAuditRecordsResponse audit = await gateway.Node.ListAuditRecordsAsync(new ListAuditRecordsRequest(), ControlGateway.Admin);
        Assert.Equal(["r-2", "r-1"], audit.Records.Select(record => record.RequestId));
    }

    [Fact]
    public async Task Limits_of_the_configuration_hold_whatever_is_asked_for()
    {
        await using ControlGateway gateway =
            await ControlGateway.StartAsync(("Rooms:MaxRooms", "1"), ("Rooms:MaxParticipantsPerRoom", "9"));

        Room room = (await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest
        { Name = "stage", MaxParticipants = 5000 }, ControlGateway.Admin)).Room;
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "second" }, ControlGateway.Admin));

        Assert.Equal(9, room.MaxParticipants);
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Each_grant_opens_its_own_door_and_no_other()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync();
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "stage" }, ControlGateway.Admin);
        await gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "other" }, ControlGateway.Admin);
        Metadata create = With(request => request with { RoomCreate = true }, room: "");
        Metadata list = With(request => request with { RoomList = true }, room: "");
        Metadata admin = With(request => request with { RoomAdmin = true });
        Metadata control = With(request => request with { Control = true });
        Metadata guest = With(request => request);

        await AssertGrantedAsync(metadata =>
            gateway.Rooms.CreateRoomAsync(new CreateRoomRequest { Name = "x" }, metadata), [create], [list, admin, control, guest]);
        await AssertGrantedAsync(metadata =>
            gateway.Rooms.ListRoomsAsync(new ListRoomsRequest(), metadata), [list], [create, admin, control, guest]);
        await AssertGrantedAsync(metadata =>
            gateway.Rooms.GetRoomAsync(new GetRoomRequest { Name = "stage" }, metadata), [list, admin, control], [create, guest]);
        await AssertGrantedAsync(metadata =>
            gateway.Rooms.UpdateRoomAsync(new UpdateRoomRequest { Name = "stage" }, metadata), [admin, control], [create, list, guest]);
        await AssertGrantedAsync(metadata =>
            gateway.Rooms.UpdateRoomAsync(new UpdateRoomRequest { Name = "other" }, metadata), [], [create, list, admin, control, guest]);
        await AssertGrantedAsync(metadata =>
            gateway.Node.GetNodeAsync(new GetNodeRequest(), metadata), [ControlGateway.Admin], [create, list, admin, control, guest]);
        await AssertGrantedAsync(metadata =>
            gateway.Rooms.DeleteRoomAsync(new DeleteRoomRequest { Name = "x" }, metadata), [create], [list, admin, control, guest]);
    }

    private static Metadata With(Func<TokenRequest, TokenRequest> change, string room = "stage") =>
        ControlGateway.Bearer(change(new TokenRequest("somebody", room, true, true, Hour)));

    private static async Task AssertGrantedAsync<T>(Func<Metadata, AsyncUnaryCall<T>> call, Metadata[] granted, Metadata[] refused)
    {
        foreach (Metadata metadata in granted)
            await call(metadata);
        foreach (Metadata metadata in refused)
            Assert.Equal(StatusCode.PermissionDenied,
                (await Assert.ThrowsAsync<RpcException>(async () => await call(metadata))).StatusCode);
    }
}
