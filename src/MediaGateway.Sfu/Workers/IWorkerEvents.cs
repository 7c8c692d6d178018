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

    /// <summary>Something threw while the stream's timer ran; its sources stay as they are until the next command.</summary>
    public void OnStreamFault(string stream, Exception fault);

    /// <summary>Something threw while media of another worker were handled; what it was hit for is not forwarded here any more.</summary>
    public void OnRelayFault(Exception fault);

    /// <summary>Something threw while this peer was handled; it has been discarded.</summary>
    public void OnPeerFault(PeerId peer, Exception fault);

    /// <summary>A room was opened, or what is told of it has changed.</summary>
    public void OnRoomChanged(RoomInfo room);

    /// <summary>Somebody joined, hidden or not, or what is told of it has changed.</summary>
    public void OnParticipantChanged(string room, ParticipantInfo participant);

    /// <summary>Somebody has left, and why.</summary>
    public void OnParticipantLeft(string room, ParticipantInfo participant);

    public void OnRoomClosed(RoomSid sid, string name);

    /// <summary>Something threw while the room's timer ran; the room has been closed.</summary>
    public void OnRoomFault(string room, Exception fault);

    /// <summary>The worker has more to do than it has time for, or no longer; at most once in ten seconds each.</summary>
    public void OnOverloadChanged(OverloadInfo overload);
}
