using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Node;

/// <summary>Change on the node, as watchers are told it.</summary>
internal abstract record NodeChange
{
    private const int BaseWeight = 512;
    private const int SourceWeight = 256;

    private NodeChange()
    {
    }

    /// <summary>Approximate memory that the change holds, bytes.</summary>
    public long Weight => BaseWeight + (sizeof(char) * this switch
    {
        RoomUpserted { Room.Options.Metadata: var metadata } => metadata.Length,
        ParticipantUpserted { Participant: var participant } => TextOf(participant),
        ParticipantRemoved { Participant: var participant } => TextOf(participant),
        StreamUpserted { Stream: var stream } => stream.Metadata.Length + (stream.Sources.Length * SourceWeight),
        _ => 0,
    });

    /// <summary>The change that a worker's event reports; null when it reports none that watchers are told.</summary>
    public static NodeChange? From(WorkerEvent happened) => happened switch
    {
        WorkerEvent.RoomChanged changed => new RoomUpserted(changed.Room),
        WorkerEvent.RoomClosed closed => new RoomRemoved(closed.Name, closed.Sid),
        WorkerEvent.ParticipantChanged changed => new ParticipantUpserted(changed.Room, changed.Participant),
        WorkerEvent.ParticipantLeft left => new ParticipantRemoved(left.Room, left.Participant),
        WorkerEvent.LiveStreamChanged { Stream: { IsEnded: true } ended } => new StreamRemoved(ended.Name),
        WorkerEvent.LiveStreamChanged changed => new StreamUpserted(changed.Stream),
        _ => null,
    };

    public sealed record RoomUpserted(RoomInfo Room) : NodeChange;

    public sealed record RoomRemoved(string Name, RoomSid Sid) : NodeChange;

    public sealed record ParticipantUpserted(string Room, ParticipantInfo Participant) : NodeChange;

    public sealed record ParticipantRemoved(string Room, ParticipantInfo Participant) : NodeChange;

    public sealed record StreamUpserted(LiveStreamSnapshot Stream) : NodeChange;

    public sealed record StreamRemoved(string Name) : NodeChange;

    private static long TextOf(ParticipantInfo participant) =>
        participant.Name.Length + participant.Metadata.Length + participant.Attributes.Sum(pair => pair.Key.Length + pair.Value.Length)
        + (participant.Tracks.Length * SourceWeight);
}
