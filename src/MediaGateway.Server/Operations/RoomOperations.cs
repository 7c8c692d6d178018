using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Operations;

/// <summary>Operations on rooms. Each operation first refuses a caller whose token does not grant it.</summary>
internal sealed class RoomOperations(WorkerCommands commands, EventLog log, RoomsOptions options)
{
    /// <exception cref="ContractException">PermissionDenied or NotFound.</exception>
    public NodeState.RoomState Get(Caller caller, string name)
    {
        if (!caller.MayList)
            caller.RequireRoom(name);
        return log.State.RequireRoom(name);
    }

    /// <summary>All rooms, ordered by name.</summary>
    /// <exception cref="ContractException">PermissionDenied.</exception>
    public IReadOnlyDictionary<string, NodeState.RoomState> List(Caller caller)
    {
        caller.RequireList();
        return log.State.Rooms;
    }

    /// <summary>Opens a room, unless there is one of this name already, which then stays as it is.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">The room's name.</param>
    /// <param name="preset">The preset that the room is like; empty for none.</param>
    /// <param name="wanted">What the room is to be like instead.</param>
    /// <exception cref="ContractException">PermissionDenied, InvalidArgument or ResourceExhausted.</exception>
    public async Task<(NodeState.RoomState Room, bool IsNew)> CreateAsync(Caller caller, string name, string preset, RoomChange wanted)
    {
        caller.RequireCreate();
        Arguments.RequireRoomName(name);
        RoomOptions created = Merge(PresetNamed(preset), wanted);
        bool isNew = await commands.OnWorkerAsync(name, (worker, now) =>
        {
            if (worker.Rooms.Find(name) is not null)
                return false;
            return worker.Rooms.Create(name, created, now) is not null
                ? true
                : throw new ContractException(ErrorCode.AtCapacity, $"The gateway carries as many rooms as it may, {options.MaxRooms}.");
        });
        return (log.State.RequireRoom(name), isNew);
    }

    /// <exception cref="ContractException">PermissionDenied, InvalidArgument or NotFound.</exception>
    public async Task<NodeState.RoomState> UpdateAsync(Caller caller, string name, RoomChange change)
    {
        caller.RequireRoom(name);
        await commands.OnRoomAsync(name, (room, now) => room.Update(Merge(room.Options, change), now));
        return log.State.RequireRoom(name);
    }

    /// <exception cref="ContractException">PermissionDenied or NotFound.</exception>
    public async Task DeleteAsync(Caller caller, string name)
    {
        caller.RequireCreate();
        await commands.OnRoomAsync(name, (room, now) => room.Close(DisconnectReason.RoomDeleted, now));
    }

    private RoomOptions PresetNamed(string name)
    {
        RoomOptions defaults = RoomDefaults.Of(options);
        if (name.Length == 0)
            return defaults;
        RoomPresetOptions preset = options.Presets.FirstOrDefault(preset => preset.Name == name)
            ?? throw Refusal.Invalid("preset", $"There is no preset {name}; the gateway's configuration has {Quoted(options.Presets)}.");
        return defaults with
        {
            EmptyTimeout = preset.EmptyTimeoutSeconds > 0 ? TimeSpan.FromSeconds(preset.EmptyTimeoutSeconds) : defaults.EmptyTimeout,
            DepartureTimeout = preset.DepartureTimeoutSeconds > 0 ? TimeSpan.FromSeconds(preset.DepartureTimeoutSeconds)
                : defaults.DepartureTimeout,
            MaxParticipants = preset.MaxParticipants > 0 ? Math.Min(preset.MaxParticipants, defaults.MaxParticipants)
                : defaults.MaxParticipants,
            Metadata = preset.Metadata,
        };
    }

    /// <summary>The options after a change. No room takes more participants than the configuration lets it.</summary>
    private RoomOptions Merge(RoomOptions before, RoomChange change)
    {
        if (change.MaxParticipants < 0)
            throw Refusal.Invalid("max_participants", "max_participants is 0, for no limit but the gateway's, or more.");
        return before with
        {
            Metadata = change.Metadata is { } metadata ? Arguments.RequireMetadata(metadata) : before.Metadata,
            MaxParticipants = change.MaxParticipants switch
            {
                null => before.MaxParticipants,
                0 => options.MaxParticipantsPerRoom,
                { } wanted => Math.Min(wanted, options.MaxParticipantsPerRoom),
            },
            EmptyTimeout = change.EmptyTimeout ?? before.EmptyTimeout,
            DepartureTimeout = change.DepartureTimeout ?? before.DepartureTimeout,
        };
    }

    private static string Quoted(IReadOnlyList<RoomPresetOptions> presets) => presets.Count == 0 ? "none"
        : string.Join(", ", presets.Select(preset => preset.Name));
}
