using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Testing.Workers;

/// <summary>What a worker told its outbox.</summary>
public sealed class RecordedEvents : IWorkerEvents
{
    public List<PeerId> Connected { get; } = [];

    public List<(PeerId Peer, PeerCloseReason Reason)> Closed { get; } = [];

    public List<(PeerId Peer, Exception Fault)> Faults { get; } = [];

    public void OnPeerConnected(PeerId peer) => Connected.Add(peer);

    public void OnPeerClosed(PeerId peer, PeerCloseReason reason) => Closed.Add((peer, reason));

    public void OnStreamChanged(LiveStreamSnapshot stream)
    {
    }

    public void OnStreamFault(string stream, Exception fault) => Faults.Add((default, fault));

    public void OnRelayFault(Exception fault) => Faults.Add((default, fault));

    public void OnRoomChanged(RoomInfo room)
    {
    }

    public void OnParticipantChanged(string room, ParticipantInfo participant)
    {
    }

    public void OnParticipantLeft(string room, ParticipantInfo participant)
    {
    }

    public void OnPeerFault(PeerId peer, Exception fault) => Faults.Add((peer, fault));

    public void OnRoomClosed(RoomSid sid, string name)
    {
    }

    public void OnRoomFault(string room, Exception fault) => Faults.Add((default, fault));

    public void OnOverloadChanged(OverloadInfo overload)
    {
    }
}
