using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Workers;

/// <summary>A worker's rooms, and what they need of it.</summary>
internal sealed class RoomTable : IRoomHost
{
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly RoomServices _services;
    private readonly PeerTable _peers;
    private readonly IWorkerOutbox _outbox;
    private readonly Action<Peer, MonotonicTime> _register;

    /// <param name="services">What rooms are made with.</param>
    /// <param name="context">What everything on the worker shares.</param>
    /// <param name="peers">The worker's peers.</param>
    /// <param name="outbox">The worker's outbox.</param>
    /// <param name="register">Takes a participant's peer in.</param>
    public RoomTable(RoomServices services, WorkerContext context, PeerTable peers, IWorkerOutbox outbox, Action<Peer, MonotonicTime> register)
    {
        _services = services;
        Context = context;
        _peers = peers;
        _outbox = outbox;
        _register = register;
    }

    public WorkerContext Context { get; }

    public TransportFactory Transports => _services.Transports;

    public IEntropy Entropy => _services.Entropy;

    public ImmutableArray<string> Candidates => _services.Candidates;

    public IReadOnlyCollection<Room> Rooms => _rooms.Values;

    /// <summary>In all rooms, with those whose media has not been negotiated.</summary>
    public int ParticipantCount => _rooms.Values.Sum(room => room.Members.Length);

    public Room? Find(string name) => _rooms.GetValueOrDefault(name);

    public Room Create(string name, RoomOptions options, MonotonicTime now)
    {
        var room = new Room(name, options, this, now);
        _rooms.Add(name, room);
        OnRoomChanged(room);
        return room;
    }

    public void CloseAll(DisconnectReason reason, MonotonicTime now)
    {
        foreach (Room room in _rooms.Values.ToImmutableArray())
            room.Close(reason, now);
    }

    public PeerId NextPeer() => _services.PeerIds.Next();

    public void Register(Peer peer, MonotonicTime now) => _register(peer, now);

    public void AddUsername(PeerId peer, string usernameFragment) => _peers.AddUsername(peer, usernameFragment);

    public void OnRoomChanged(Room room) => _outbox.Add(new WorkerEvent.RoomChanged(room.Snapshot()));

    public void OnMemberChanged(RoomMember member) =>
        _outbox.Add(new WorkerEvent.ParticipantChanged(member.Room.Name, member.Snapshot()));

    public void OnMemberLeft(RoomMember member) =>
        _outbox.Add(new WorkerEvent.ParticipantLeft(member.Room.Name, member.Snapshot()));

    public void OnRoomClosed(Room room)
    {
        _rooms.Remove(room.Name);
        _outbox.Add(new WorkerEvent.RoomClosed(room.Sid, room.Name));
    }

    public void OnRoomFault(Room room, Exception fault, MonotonicTime now)
    {
        _outbox.Add(new WorkerEvent.RoomFaulted(room.Name, fault));
        room.Close(DisconnectReason.InternalError, now);
    }
}
