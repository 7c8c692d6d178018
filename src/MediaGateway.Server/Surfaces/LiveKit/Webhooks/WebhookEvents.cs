using System.Security.Cryptography;
using MediaGateway.Server.Node;
using MediaGateway.Server.Twirp.Messages;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Server.Surfaces.LiveKit.Webhooks;

/// <summary>
/// Webhook events made from changes of state: joins, ends and tracks are found by comparison. One thread at a
/// time.
/// </summary>
internal sealed class WebhookEvents(TimeProvider clock)
{
    private readonly Dictionary<string, RoomInfo> _rooms = new(StringComparer.Ordinal);
    private readonly Dictionary<ParticipantSid, Known> _participants = [];

    /// <summary>The events of one change, in order.</summary>
    public IEnumerable<WebhookEvent> Of(NodeChange change) => change switch
    {
        NodeChange.RoomUpserted { Room: var room } => OnRoom(room),
        NodeChange.RoomRemoved removed => OnRoomRemoved(removed),
        NodeChange.ParticipantUpserted upserted => OnParticipant(upserted.Room, upserted.Participant),
        NodeChange.ParticipantRemoved removed => OnParticipantRemoved(removed.Room, removed.Participant),
        _ => [],
    };

    /// <summary>The events between what is known and a later state, for who has missed the changes.</summary>
    public IEnumerable<WebhookEvent> CatchUp(NodeState state)
    {
        HashSet<ParticipantSid> present =
            [.. state.Rooms.Values.SelectMany(room => room.Participants).Select(participant => participant.Sid)];
        List<NodeChange> changes =
        [
            .. _participants.Values.Where(known => !present.Contains(known.Info.Sid))
                .Select(known => new NodeChange.ParticipantRemoved(known.Room, known.Info)),
            .. _rooms.Values.Where(room => state.Rooms.GetValueOrDefault(room.Name)?.Room.Sid != room.Sid)
            .Select(room => new NodeChange.RoomRemoved(room.Name, room.Sid)),
        ];
        foreach ((string name, NodeState.RoomState room) in state.Rooms)
        {
            changes.Add(new NodeChange.RoomUpserted(room.Room));
            changes.AddRange(room.Participants.Select(participant => new NodeChange.ParticipantUpserted(name, participant)));
        }
        return [.. changes.SelectMany(Of)];
    }

    private IEnumerable<WebhookEvent> OnRoom(RoomInfo room)
    {
        bool isNew = _rooms.GetValueOrDefault(room.Name)?.Sid != room.Sid;
        _rooms[room.Name] = room;
        if (isNew)
            yield return Create("room_started", room.Name);
    }

    private IEnumerable<WebhookEvent> OnRoomRemoved(NodeChange.RoomRemoved removed)
    {
        if (_rooms.GetValueOrDefault(removed.Name)?.Sid != removed.Sid)
            yield break;
        WebhookEvent finished = Create("room_finished", removed.Name);
        _rooms.Remove(removed.Name);
        yield return finished;
    }

    private IEnumerable<WebhookEvent> OnParticipant(string room, ParticipantInfo participant)
    {
        Known? before = _participants.GetValueOrDefault(participant.Sid);
        bool isActive = participant.State == ParticipantState.Active;
        var after = new Known(room, participant, WasActive: isActive || before?.WasActive == true);
        _participants[participant.Sid] = after;
        if (isActive && before?.WasActive != true)
            yield return Create("participant_joined", room, participant);
        foreach (WebhookEvent change in Tracks(room, before?.Info, participant))
            yield return change;
    }

    private IEnumerable<WebhookEvent> OnParticipantRemoved(string room, ParticipantInfo participant)
    {
        if (!_participants.Remove(participant.Sid, out Known? before))
            yield break;
        foreach (WebhookEvent change in Tracks(room, before.Info, participant with { Tracks = [] }))
            yield return change;
        yield return Create(before.WasActive ? "participant_left" : "participant_connection_aborted", room, participant);
    }

    private IEnumerable<WebhookEvent> Tracks(string room, ParticipantInfo? before, ParticipantInfo after)
    {
        IReadOnlyList<TrackInfo> old = before is null ? [] : before.Tracks;
        foreach (TrackInfo track in old.ExceptBy(after.Tracks.Select(track => track.Sid), track => track.Sid))
            yield return Create("track_unpublished", room, after, track);
        foreach (TrackInfo track in after.Tracks.ExceptBy(old.Select(track => track.Sid), track => track.Sid))
            yield return Create("track_published", room, after, track);
    }

    private WebhookEvent Create(string name, string room, ParticipantInfo? participant = null, TrackInfo? track = null) => new()
    {
        Event = name,
        Id = "EV_" + RandomNumberGenerator.GetHexString(16, lowercase: true),
        CreatedAt = clock.GetUtcNow().ToUnixTimeSeconds(),
        Room = _rooms.TryGetValue(room, out RoomInfo? info) ? RoomModels.From(info) : new Server.Signaling.Messages.Room { Name = room },
        Participant = participant is null ? null : RoomModels.From(participant),
        Track = track is null ? null : RoomModels.From(track),
    };

    private sealed record Known(string Room, ParticipantInfo Info, bool WasActive);
}
