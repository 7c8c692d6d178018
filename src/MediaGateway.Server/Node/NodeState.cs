using System.Collections.Immutable;
using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Node;

/// <summary>State of the node after the changes up to some number. Immutable.</summary>
internal sealed record NodeState(ImmutableSortedDictionary<string, NodeState.RoomState> Rooms,
    ImmutableSortedDictionary<string, LiveStreamSnapshot> Streams)
{
    public static readonly NodeState Empty = new(
        ImmutableSortedDictionary.Create<string, RoomState>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, LiveStreamSnapshot>(StringComparer.Ordinal));

    /// <exception cref="ContractException">NotFound.</exception>
    public RoomState RequireRoom(string name) => Rooms.GetValueOrDefault(name) ?? throw Refusal.RoomNotFound(name);

    /// <exception cref="ContractException">NotFound.</exception>
    public ParticipantInfo RequireParticipant(string room, string identity) =>
        RequireRoom(room).Participants.Find(participant => participant.Identity == identity)
        ?? throw Refusal.ParticipantNotFound(room, identity);

    /// <exception cref="ContractException">NotFound.</exception>
    public LiveStreamSnapshot RequireStream(string name) => Streams.GetValueOrDefault(name) ?? throw Refusal.StreamNotFound(name);

    public NodeState With(NodeChange change) => change switch
    {
        NodeChange.RoomUpserted { Room: var room } =>
            this with { Rooms = Rooms.SetItem(room.Name, new RoomState(room, Rooms.GetValueOrDefault(room.Name)?.Participants ?? [])) },
        NodeChange.RoomRemoved removed when Rooms.GetValueOrDefault(removed.Name)?.Room.Sid == removed.Sid =>
        this with { Rooms = Rooms.Remove(removed.Name) },
        NodeChange.ParticipantUpserted upserted when Rooms.TryGetValue(upserted.Room, out RoomState? room) =>
        this with { Rooms = Rooms.SetItem(upserted.Room, room.With(upserted.Participant)) },
        NodeChange.ParticipantRemoved removed when Rooms.TryGetValue(removed.Room, out RoomState? room) =>
        this with { Rooms = Rooms.SetItem(removed.Room, room.Without(removed.Participant.Sid)) },
        NodeChange.StreamUpserted { Stream: var stream } => this with { Streams = Streams.SetItem(stream.Name, stream) },
        NodeChange.StreamRemoved removed => this with { Streams = Streams.Remove(removed.Name) },
        _ => this,
    };

    /// <param name="Room">The room.</param>
    /// <param name="Participants">In the order they joined.</param>
    internal sealed record RoomState(RoomInfo Room, ImmutableList<ParticipantInfo> Participants)
    {
        public RoomState With(ParticipantInfo participant)
        {
            int index = Participants.FindIndex(known => known.Sid == participant.Sid);
            return this with { Participants = index < 0 ? Participants.Add(participant) : Participants.SetItem(index, participant) };
        }

        public RoomState Without(ParticipantSid sid) => this with { Participants = Participants.RemoveAll(known => known.Sid == sid) };
    }
}
