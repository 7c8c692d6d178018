using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms;

/// <summary>The worker that a room lives on, as far as the room needs it.</summary>
internal interface IRoomHost
{
    public WorkerContext Context { get; }

    public TransportFactory Transports { get; }

    public IEntropy Entropy { get; }

    /// <summary>Candidate-attribute values of the worker.</summary>
    public ImmutableArray<string> Candidates { get; }

    public PeerId NextPeer();

    /// <summary>Takes a peer in: its datagrams find it from now on.</summary>
    public void Register(Peer peer, MonotonicTime now);

    /// <summary>Makes checks with a new fragment find the peer too, after an ICE restart of ours.</summary>
    public void AddUsername(PeerId peer, string usernameFragment);

    public void OnRoomChanged(Room room);

    public void OnMemberChanged(RoomMember member);

    public void OnMemberLeft(RoomMember member);

    public void OnRoomClosed(Room room);

    /// <summary>A bug was hit while the room's timer ran; the room is to be closed.</summary>
    public void OnRoomFault(Room room, Exception fault, MonotonicTime now);
}
