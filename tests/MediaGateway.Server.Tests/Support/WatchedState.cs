using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Support;

/// <summary>State of a watcher that applies the events as the contract says, and nothing more.</summary>
internal sealed class WatchedState
{
    private readonly SortedDictionary<string, List<Participant>> _participants = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, LiveStream> _streams = new(StringComparer.Ordinal);

    public SortedDictionary<string, Room> Rooms { get; } = new(StringComparer.Ordinal);

    public string Text => string.Join('\n', [.. Rooms.Values, .. _participants.Where(pair => pair.Value.Count > 0)
        .Select(pair => $"{pair.Key}: {string.Join(", ", pair.Value)}"), .. _streams.Values]);

    public void Apply(WatchResponse message)
    {
        switch (message.EventCase)
        {
            case WatchResponse.EventOneofCase.SnapshotPart:
                Apply(message.SnapshotPart);
                break;
            case WatchResponse.EventOneofCase.RoomUpserted:
                Rooms[message.RoomUpserted.Name] = message.RoomUpserted;
                _participants.TryAdd(message.RoomUpserted.Name, []);
                break;
            case WatchResponse.EventOneofCase.RoomRemoved:
                Rooms.Remove(message.RoomRemoved.Name);
                _participants.Remove(message.RoomRemoved.Name);
                break;
            case WatchResponse.EventOneofCase.ParticipantUpserted:
                Upsert(_participants[message.ParticipantUpserted.Room], message.ParticipantUpserted.Participant);
                break;
            case WatchResponse.EventOneofCase.ParticipantRemoved:
                _participants[message.ParticipantRemoved.Room].RemoveAll(participant => participant.Sid == message.ParticipantRemoved.Sid);
                break;
            case WatchResponse.EventOneofCase.LiveStreamUpserted:
                _streams[message.LiveStreamUpserted.Name] = message.LiveStreamUpserted;
                break;
            case WatchResponse.EventOneofCase.LiveStreamRemoved:
                _streams.Remove(message.LiveStreamRemoved.Name);
                break;
        }
    }

    private void Apply(SnapshotPart part)
    {
        if (part.First)
        {
            Rooms.Clear();
            _participants.Clear();
            _streams.Clear();
        }
        foreach (Room room in part.Rooms)
        {
            Rooms[room.Name] = room;
            _participants[room.Name] = [];
        }
        foreach (RoomParticipant member in part.Participants)
            _participants[member.Room].Add(member.Participant);
        foreach (LiveStream stream in part.LiveStreams)
            _streams[stream.Name] = stream;
    }

    private static void Upsert(List<Participant> participants, Participant participant)
    {
        int index = participants.FindIndex(known => known.Sid == participant.Sid);
        if (index < 0)
            participants.Add(participant);
        else
            participants[index] = participant;
    }
}
