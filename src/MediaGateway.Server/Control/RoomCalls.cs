using Grpc.Core;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.V1;
using DisconnectReason = MediaGateway.Sfu.Rooms.Members.DisconnectReason;

namespace MediaGateway.Server.Control;

/// <summary>mediagateway.v1.RoomService.</summary>
internal sealed class RoomCalls(ControlNode node, RoomsOptions options) : RoomService.RoomServiceBase
{
    public override Task<CreateRoomResponse> CreateRoom(CreateRoomRequest request, ServerCallContext context) => CreateRoomAsync(request, Caller.Of(context));

    public override Task<UpdateRoomResponse> UpdateRoom(UpdateRoomRequest request, ServerCallContext context) => UpdateRoomAsync(request, Caller.Of(context));

    public override Task<DeleteRoomResponse> DeleteRoom(DeleteRoomRequest request, ServerCallContext context) => DeleteRoomAsync(request, Caller.Of(context));

    public override Task<GetRoomResponse> GetRoom(GetRoomRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.MayList)
            caller.RequireRoom(request.Name);
        return Task.FromResult(new GetRoomResponse { Room = ControlModels.Of(node.RoomOf(request.Name)) });
    }

    public override Task<ListRoomsResponse> ListRooms(ListRoomsRequest request, ServerCallContext context) => Task.FromResult(ListRooms(request, Caller.Of(context)));

    public ListRoomsResponse ListRooms(ListRoomsRequest request, Caller caller)
    {
        caller.RequireList();
        (IReadOnlyList<NodeState.RoomState> page, string next) = ControlChecks.Page(node.State.Rooms, request.Names, request.PageSize, request.PageToken);
        return new ListRoomsResponse { Rooms = { page.Select(ControlModels.Of) }, NextPageToken = next };
    }

    public async Task<CreateRoomResponse> CreateRoomAsync(CreateRoomRequest request, Caller caller)
    {
        caller.RequireCreate();
        string name = ControlChecks.RoomName(request.Name);
        RoomOptions wanted = Merge(
            PresetNamed(request.Preset),
            request.HasMetadata ? request.Metadata : null,
            request.HasMaxParticipants ? request.MaxParticipants : null,
            ControlChecks.Timeout(request.EmptyTimeout, "empty_timeout"),
            ControlChecks.Timeout(request.DepartureTimeout, "departure_timeout"));
        bool created = await node.OnWorkerAsync(name, (worker, now) =>
        {
            if (worker.FindRoom(name) is not null)
                return false;
            return worker.CreateRoom(name, wanted, now) is not null
                ? true
                : throw new ControlException(ControlError.ResourceExhausted, $"The gateway carries as many rooms as it may, {options.MaxRooms}.");
        });
        return new CreateRoomResponse { Room = ControlModels.Of(node.RoomOf(name)), Created = created };
    }

    public async Task<UpdateRoomResponse> UpdateRoomAsync(UpdateRoomRequest request, Caller caller)
    {
        caller.RequireRoom(request.Name);
        string? metadata = request.HasMetadata ? request.Metadata : null;
        int? maxParticipants = request.HasMaxParticipants ? request.MaxParticipants : null;
        TimeSpan? emptyTimeout = ControlChecks.Timeout(request.EmptyTimeout, "empty_timeout");
        TimeSpan? departureTimeout = ControlChecks.Timeout(request.DepartureTimeout, "departure_timeout");
        await node.OnRoomAsync(request.Name, (room, now) =>
        {
            room.Update(Merge(room.Options, metadata, maxParticipants, emptyTimeout, departureTimeout), now);
            return true;
        });
        return new UpdateRoomResponse { Room = ControlModels.Of(node.RoomOf(request.Name)) };
    }

    public async Task<DeleteRoomResponse> DeleteRoomAsync(DeleteRoomRequest request, Caller caller)
    {
        caller.RequireCreate();
        await node.OnRoomAsync(request.Name, (room, now) =>
        {
            room.Close(DisconnectReason.RoomDeleted, now);
            return true;
        });
        return new DeleteRoomResponse();
    }

    private RoomOptions PresetNamed(string name)
    {
        RoomOptions defaults = RoomDefaults.Of(options);
        if (name.Length == 0)
            return defaults;
        RoomPresetOptions preset = options.Presets.FirstOrDefault(preset => preset.Name == name)
            ?? throw ControlException.Invalid($"There is no preset {name}; the gateway's configuration has {Quoted(options.Presets)}.");
        return defaults with
        {
            EmptyTimeout = preset.EmptyTimeoutSeconds > 0 ? TimeSpan.FromSeconds(preset.EmptyTimeoutSeconds) : defaults.EmptyTimeout,
            DepartureTimeout = preset.DepartureTimeoutSeconds > 0 ? TimeSpan.FromSeconds(preset.DepartureTimeoutSeconds) : defaults.DepartureTimeout,
            MaxParticipants = preset.MaxParticipants > 0 ? Math.Min(preset.MaxParticipants, defaults.MaxParticipants) : defaults.MaxParticipants,
            Metadata = preset.Metadata,
        };
    }

    /// <summary>What is null stays. No room takes more than the configuration lets it.</summary>
    private RoomOptions Merge(RoomOptions before, string? metadata, int? maxParticipants, TimeSpan? emptyTimeout, TimeSpan? departureTimeout)
    {
        if (maxParticipants < 0)
            throw ControlException.Invalid("max_participants is 0, for no limit but the gateway's, or more.");
        return before with
        {
            Metadata = metadata is null ? before.Metadata : ControlChecks.Metadata(metadata),
            MaxParticipants = maxParticipants switch
            {
                null => before.MaxParticipants,
                0 => options.MaxParticipantsPerRoom,
                { } wanted => Math.Min(wanted, options.MaxParticipantsPerRoom),
            },
            EmptyTimeout = emptyTimeout ?? before.EmptyTimeout,
            DepartureTimeout = departureTimeout ?? before.DepartureTimeout,
        };
    }

    private static string Quoted(IReadOnlyList<RoomPresetOptions> presets) => presets.Count == 0 ? "none" : string.Join(", ", presets.Select(preset => preset.Name));
}
