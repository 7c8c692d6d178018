using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Server.Control;

/// <summary>What may change on the node, as watchers are told it.</summary>
internal abstract record NodeChange
{
    private NodeChange()
    {
    }

    public sealed record RoomUpserted(RoomInfo Room) : NodeChange;

    public sealed record RoomRemoved(string Name, RoomSid Sid) : NodeChange;

    public sealed record ParticipantUpserted(string Room, ParticipantInfo Participant) : NodeChange;

    public sealed record ParticipantRemoved(string Room, ParticipantInfo Participant) : NodeChange;

    public sealed record StreamUpserted(LiveStreamSnapshot Stream) : NodeChange;

    public sealed record StreamRemoved(string Name) : NodeChange;
}
