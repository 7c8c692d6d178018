using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// A worker's outbox. Called on the worker's thread between packets: an implementation only queues, it never runs
/// control code inline.
/// </summary>
public interface IWorkerEvents
{
    public void OnPeerConnected(PeerId peer);

    public void OnPeerClosed(PeerId peer, PeerCloseReason reason);

    public void OnStreamChanged(LiveStreamSnapshot stream);

    /// <summary>Something threw while this peer was handled; it has been discarded.</summary>
    public void OnPeerFault(PeerId peer, Exception fault);

    public void OnRoomClosed(RoomSid sid, string name);

    /// <summary>Something threw while the room's timer ran; the room has been closed.</summary>
    public void OnRoomFault(string room, Exception fault);
}
