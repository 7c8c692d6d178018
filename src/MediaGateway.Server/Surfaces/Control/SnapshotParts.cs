using Google.Protobuf;
using MediaGateway.Server.Node;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Everything that a watcher wants to know, in messages of a bounded size.</summary>
internal static class SnapshotParts
{
    /// <summary>The most rooms, participants and live streams of a part.</summary>
    public const int MaxItems = 500;

    /// <summary>Makes the parts one by one, while they are sent. There is one at least.</summary>
    public static IEnumerable<SnapshotPart> Of(NodeState state, WatchFilter filter)
    {
        bool isFirst = true;
        foreach ((List<IMessage> items, bool isLast) in BoundedParts.Cut(ItemsOf(state, filter), item => item, MaxItems))
        {
            var part = new SnapshotPart { First = isFirst, Last = isLast };
            foreach (IMessage item in items)
                Add(part, item);
            yield return part;
            isFirst = false;
        }
    }

    private static IEnumerable<IMessage> ItemsOf(NodeState state, WatchFilter filter)
    {
        foreach ((string name, NodeState.RoomState room) in state.Rooms)
        {
            if (filter.WantsRoom(name))
                yield return ControlModels.Of(room.Room);
            if (!filter.WantsParticipants(name))
                continue;
            foreach (Sfu.Rooms.Members.ParticipantInfo participant in room.Participants)
                yield return new RoomParticipant { Room = name, Participant = ControlModels.Of(participant) };
        }
        foreach ((string name, Sfu.LiveStreams.LiveStreamSnapshot stream) in state.Streams)
        {
            if (filter.WantsStream(name))
                yield return StreamModels.Of(stream);
        }
    }

    private static void Add(SnapshotPart part, IMessage item)
    {
        switch (item)
        {
            case Room room:
                part.Rooms.Add(room);
                break;
            case RoomParticipant participant:
                part.Participants.Add(participant);
                break;
            case LiveStream stream:
                part.LiveStreams.Add(stream);
                break;
        }
    }
}
