using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Workers;

/// <summary>The rooms of a worker, the commands that open and enter them, and what rooms need of their worker.</summary>
public sealed class RoomTable : IRoomHost
{
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly MediaWorkerOptions _options;
    private readonly RoomServices _services;
    private readonly WorkerContext _context;
    private readonly PeerRegistry _peers;
    private readonly IWorkerOutbox _outbox;

    /// <param name="options">The worker's limits.</param>
    /// <param name="services">What rooms are made with.</param>
    /// <param name="context">What everything on the worker shares.</param>
    /// <param name="peers">The worker's peers.</param>
    /// <param name="outbox">Gets the events of the rooms.</param>
    internal RoomTable(MediaWorkerOptions options, RoomServices services, WorkerContext context, PeerRegistry peers, IWorkerOutbox outbox)
    {
        _options = options;
        _services = services;
        _context = context;
        _peers = peers;
        _outbox = outbox;
    }

    public IReadOnlyCollection<Room> All
    {
        get
        {
            _context.Owner.Assert();
            return _rooms.Values;
        }
    }

    /// <summary>Number of participants in all rooms, with those whose media has not been negotiated.</summary>
    internal int ParticipantCount => _rooms.Values.Sum(room => room.Members.Length);

    WorkerContext IRoomHost.Context
    {
        get
        {
            _context.Owner.Assert();
            return _context;
        }
    }

    TransportFactory IRoomHost.Transports => _services.Transports;

    IEntropy IRoomHost.Entropy => _services.Entropy;

    ImmutableArray<string> IRoomHost.Candidates => _services.Candidates;

    public Room? Find(string name)
    {
        _context.Owner.Assert();
        return _rooms.GetValueOrDefault(name);
    }

    internal void OnStandstill(TimeSpan time)
    {
        foreach (Room room in _rooms.Values)
            room.OnStandstill(time);
    }

    /// <summary>
    /// Opens a room that nobody has joined yet, or returns the open room of this name. Null when there are too many rooms.
    /// </summary>
    public Room? Create(string name, RoomOptions options, MonotonicTime now)
    {
        if (Find(name) is { } open)
            return open;
        if (_peers.IsDraining || _rooms.Count >= _options.MaxRooms)
            return null;
        var room = new Room(name, options, this, now);
        _rooms.Add(name, room);
        OnRoomChanged(room);
        return room;
    }

    /// <summary>Admits a participant to a room.</summary>
    /// <param name="roomName">The room.</param>
    /// <param name="mayCreate">Whether the room is opened when there is none.</param>
    /// <param name="participant">The participant.</param>
    /// <param name="defaults">The settings of a room that this call opens.</param>
    /// <param name="observer">The participant's signaling, which may be notified before this returns.</param>
    /// <param name="now">The time.</param>
    public JoinOutcome Join(
        string roomName,
        bool mayCreate,
        ParticipantOptions participant,
        RoomOptions defaults,
        IParticipantObserver observer,
        MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(participant);
        switch (_peers.Admit(ParticipantCount))
        {
            case OpenResult.Draining:
                return JoinOutcome.Refused(JoinResult.Draining);
            case OpenResult.TooManyPeers or OpenResult.TooManyHalfOpenPeers:
                return JoinOutcome.Refused(JoinResult.TooManyPeers);
        }
        if (Find(roomName) is null && !mayCreate)
            return JoinOutcome.Refused(JoinResult.RoomNotFound);
        return Create(roomName, defaults, now)?.Join(participant, observer, now) ?? JoinOutcome.Refused(JoinResult.TooManyRooms);
    }

    internal void CloseAll(DisconnectReason reason, MonotonicTime now)
    {
        foreach (Room room in _rooms.Values.ToImmutableArray())
            room.Close(reason, now);
    }

    PeerId IRoomHost.NextPeer() => _services.PeerIds.Next();

    void IRoomHost.Register(Peer peer, MonotonicTime now) => _peers.Register(peer, now);

    void IRoomHost.AddUsername(PeerId peer, string usernameFragment) => _peers.Table.AddUsername(peer, usernameFragment);

    void IRoomHost.OnRoomChanged(Room room) => OnRoomChanged(room);

    void IRoomHost.OnMemberChanged(RoomMember member) =>
        Report(new WorkerEvent.ParticipantChanged(member.Room.Name, member.Snapshot()));

    void IRoomHost.OnMemberLeft(RoomMember member) => Report(new WorkerEvent.ParticipantLeft(member.Room.Name, member.Snapshot()));

    void IRoomHost.OnRoomClosed(Room room)
    {
        _rooms.Remove(room.Name);
        Report(new WorkerEvent.RoomClosed(room.Sid, room.Name));
    }

    void IRoomHost.OnRoomFault(Room room, Exception fault, MonotonicTime now) => OnRoomFault(room, fault, now);

    private void OnRoomFault(Room room, Exception fault, MonotonicTime now)
    {
        Report(new WorkerEvent.RoomFaulted(room.Name, fault));
        room.Close(DisconnectReason.InternalError, now);
    }

    private void OnRoomChanged(Room room) => Report(new WorkerEvent.RoomChanged(room.Snapshot()));

    private void Report(WorkerEvent workerEvent)
    {
        _context.Owner.Assert();
        _outbox.Add(workerEvent);
    }
}
