using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Operations;

/// <summary>Operations on rooms, for callers who may: the gate has seen to that.</summary>
internal sealed class RoomOperations(WorkerCommands commands, EventLog log, RoomsOptions options)
{
    /// <summary>All rooms, ordered by name.</summary>
    public IReadOnlyDictionary<string, NodeState.RoomState> All => log.State.Rooms;

    /// <exception cref="ContractException">NotFound.</exception>
    public NodeState.RoomState Get(string name) => log.State.RequireRoom(name);

    /// <summary>Opens a room, unless there is one of this name already, which then stays as it is.</summary>
    /// <param name="name">The room's name.</param>
    /// <param name="preset">The preset that the room is like; empty for none.</param>
    /// <param name="wanted">What the room is to be like instead.</param>
    /// <exception cref="ContractException">InvalidArgument or ResourceExhausted.</exception>
    public async Task<(NodeState.RoomState Room, bool IsNew)> CreateAsync(string name, string preset, RoomChange wanted)
    {
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

    /// <exception cref="ContractException">InvalidArgument or NotFound.</exception>
    public async Task<NodeState.RoomState> UpdateAsync(string name, RoomChange change)
    {
        await commands.OnRoomAsync(name, (room, now) => room.Update(Merge(room.Options, change), now));
        return log.State.RequireRoom(name);
    }

    /// <exception cref="ContractException">NotFound.</exception>
    public async Task DeleteAsync(string name)
    {
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
