using Grpc.Core;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>mediagateway.v1.RoomService.</summary>
internal sealed class RoomCalls(RoomOperations rooms) : RoomService.RoomServiceBase
{
    public override async Task<CreateRoomResponse> CreateRoom(CreateRoomRequest request, ServerCallContext context)
    {
        var wanted = new RoomChange(
            request.HasMetadata ? request.Metadata : null,
            request.HasMaxParticipants ? request.MaxParticipants : null,
            ControlChecks.Timeout(request.EmptyTimeout, "empty_timeout"),
            ControlChecks.Timeout(request.DepartureTimeout, "departure_timeout"));
        (NodeState.RoomState room, bool isNew) = await rooms.CreateAsync(request.Name, request.Preset, wanted);
        return new CreateRoomResponse { Room = ControlModels.Of(room), Created = isNew };
    }

    public override async Task<UpdateRoomResponse> UpdateRoom(UpdateRoomRequest request, ServerCallContext context)
    {
        var change = new RoomChange(
            request.HasMetadata ? request.Metadata : null,
            request.HasMaxParticipants ? request.MaxParticipants : null,
            ControlChecks.Timeout(request.EmptyTimeout, "empty_timeout"),
            ControlChecks.Timeout(request.DepartureTimeout, "departure_timeout"));
        return new UpdateRoomResponse { Room = ControlModels.Of(await rooms.UpdateAsync(request.Name, change)) };
    }

    public override async Task<DeleteRoomResponse> DeleteRoom(DeleteRoomRequest request, ServerCallContext context)
    {
        await rooms.DeleteAsync(request.Name);
        return new DeleteRoomResponse();
    }

    public override Task<GetRoomResponse> GetRoom(GetRoomRequest request, ServerCallContext context) =>
        Task.FromResult(new GetRoomResponse { Room = ControlModels.Of(rooms.Get(request.Name)) });

    public override Task<ListRoomsResponse> ListRooms(ListRoomsRequest request, ServerCallContext context)
    {
        Page<NodeState.RoomState> page =
            PageTokens.Read(request).Take(ControlChecks.Named(rooms.All, request.Names));
        return Task.FromResult(new ListRoomsResponse
        { Rooms = { page.Items.Select(ControlModels.Of) }, NextPageToken = PageTokens.NextOf(request, page) });
    }
}
