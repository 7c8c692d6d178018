using System.Security.Cryptography;
using System.Text;
using MediaGateway.Server.Node;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Filter of what a watcher wants to be notified of.</summary>
internal sealed class WatchFilter
{
    private readonly HashSet<string> _rooms;
    private readonly HashSet<string> _streams;
    private readonly HashSet<EventKind> _kinds;

    public WatchFilter(WatchRequest request)
    {
        _rooms = [.. request.Rooms];
        _streams = [.. request.LiveStreams];
        _kinds = [.. request.Kinds];
        string text = string.Join('\n', [.. _rooms.Order(StringComparer.Ordinal), "|", .. _streams.Order(StringComparer.Ordinal), "|",
            .. _kinds.Order().Select(kind => $"{kind}")]);
        Hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 4);
    }

    /// <summary>Tells filters apart in resume tokens.</summary>
    public string Hash { get; }

    public bool Wants(NodeChange change) => change switch
    {
        NodeChange.RoomUpserted { Room.Name: var name } => WantsRoom(name),
        NodeChange.RoomRemoved { Name: var name } => WantsRoom(name),
        NodeChange.ParticipantUpserted { Room: var room } => WantsParticipants(room),
        NodeChange.ParticipantRemoved { Room: var room } => WantsParticipants(room),
        NodeChange.StreamUpserted { Stream.Name: var name } => WantsStream(name),
        NodeChange.StreamRemoved { Name: var name } => WantsStream(name),
        _ => false,
    };

    public bool WantsRoom(string name) => Has(EventKind.Room) && HasRoom(name);

    public bool WantsParticipants(string room) => Has(EventKind.Participant) && HasRoom(room);

    public bool WantsStream(string name) => Has(EventKind.LiveStream)
        && (_streams.Count == 0 ? _rooms.Count == 0 : _streams.Contains(name));

    private bool Has(EventKind kind) => _kinds.Count == 0 || _kinds.Contains(kind);

    /// <summary>Tells whether a room's events pass. A watcher that names streams alone wants no rooms, and the other way round.</summary>
    private bool HasRoom(string name) => _rooms.Count == 0 ? _streams.Count == 0 : _rooms.Contains(name);
}
