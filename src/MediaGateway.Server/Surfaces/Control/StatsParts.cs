using Google.Protobuf;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>A report in messages of a bounded size, which the subscriptions of one large room exceed.</summary>
internal static class StatsParts
{
    /// <summary>Makes the parts one by one, while they are sent. There is one at least.</summary>
    public static IEnumerable<WatchStatsResponse> Of(WatchStatsResponse report)
    {
        foreach ((List<(RoomStats?, IMessage)> entries, bool isLast) in BoundedParts.Cut(EntriesOf(report), entry => entry.Entry))
        {
            var part = new WatchStatsResponse { Time = report.Time, Last = isLast };
            foreach ((RoomStats? room, IMessage entry) in entries)
                Add(part, room, entry);
            yield return part;
        }
    }

    /// <summary>The entries of a report, those of a room with the room.</summary>
    private static IEnumerable<(RoomStats? Room, IMessage Entry)> EntriesOf(WatchStatsResponse report)
    {
        if (report.Node is { } node)
            yield return (null, node);
        foreach (IMessage entry in report.Workers.Concat<IMessage>(report.LiveStreams))
            yield return (null, entry);
        foreach (RoomStats room in report.Rooms)
        {
            // The room itself, which has an entry even when nothing is published in it.
            yield return (room, new RoomStats { Name = room.Name });
            foreach (IMessage entry in room.Publications.Concat<IMessage>(room.Subscriptions).Concat(room.Lines))
                yield return (room, entry);
        }
    }

    private static void Add(WatchStatsResponse part, RoomStats? room, IMessage entry)
    {
        switch (entry)
        {
            case V1.Node node:
                part.Node = node;
                break;
            case WorkerStats worker:
                part.Workers.Add(worker);
                break;
            case LiveStreamStats stream:
                part.LiveStreams.Add(stream);
                break;
            case Publication publication:
                In(part, room!).Publications.Add(publication);
                break;
            case Subscription subscription:
                In(part, room!).Subscriptions.Add(subscription);
                break;
            case Line line:
                In(part, room!).Lines.Add(line);
                break;
            default:
                In(part, room!);
                break;
        }
    }

    /// <summary>The room in this part, which begins with it unless the room is there already.</summary>
    private static RoomStats In(WatchStatsResponse part, RoomStats room)
    {
        if (part.Rooms.Count > 0 && part.Rooms[^1].Name == room.Name)
            return part.Rooms[^1];
        var stats = new RoomStats { Name = room.Name };
        part.Rooms.Add(stats);
        return stats;
    }
}
