using Google.Protobuf;
using MediaGateway.Server.Node;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>
/// Everything that a watcher wants to know, in messages of a bounded size: gRPC's clients take 4 MiB at most by default, and a gateway may
/// have more rooms than fit.
/// </summary>
internal static class SnapshotParts
{
    /// <summary>The most rooms, participants and live streams of a part.</summary>
    public const int MaxItems = 500;

    /// <summary>The most bytes of a part's items together; a single larger item has a part of its own.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Makes the parts one by one, while they are sent. There is one at least.</summary>
    public static IEnumerable<SnapshotPart> Of(NodeState state, WatchFilter filter)
    {
        var part = new SnapshotPart { First = true };
        int count = 0, bytes = 0;
        foreach (IMessage item in ItemsOf(state, filter))
        {
            int size = item.CalculateSize();
            if (count > 0 && (count == MaxItems || bytes + size > MaxBytes))
            {
                yield return part;
                part = new SnapshotPart();
                (count, bytes) = (0, 0);
            }
            Add(part, item);
            count++;
            bytes += size;
        }
        part.Last = true;
        yield return part;
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
