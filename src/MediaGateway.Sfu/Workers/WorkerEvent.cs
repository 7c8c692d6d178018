using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Workers;

/// <summary>
/// Event that a worker reports to the rest of the process, in the order it happened. Immutable: built on the worker's thread, read on
/// another.
/// </summary>
public abstract record WorkerEvent
{
    private WorkerEvent()
    {
    }

    /// <summary>The peer's ICE and DTLS are complete: media can pass.</summary>
    public sealed record PeerConnected(PeerId Peer) : WorkerEvent;

    /// <summary>The peer has ended and the worker has forgotten it. The last event of every peer.</summary>
    public sealed record PeerClosed(PeerId Peer, PeerCloseReason Reason) : WorkerEvent;

    /// <summary>A bug: something threw while this peer was handled. The peer is closed, which the next event of it says.</summary>
    public sealed record PeerFaulted(PeerId Peer, Exception Fault) : WorkerEvent;

    /// <summary>A live stream began, changed or ended; <see cref="LiveStreamSnapshot.IsEnded"/> tells the last.</summary>
    public sealed record LiveStreamChanged(LiveStreamSnapshot Stream) : WorkerEvent;

    /// <summary>A bug: something threw while the stream's timer ran. Its sources stay as they are until the next command.</summary>
    public sealed record LiveStreamFaulted(string Stream, Exception Fault) : WorkerEvent;

    /// <summary>
    /// A bug: something threw while media of another worker were handled. What it was hit for is not forwarded here any more.
    /// </summary>
    public sealed record RelayFaulted(Exception Fault) : WorkerEvent;

    /// <summary>A room was opened, or its description has changed.</summary>
    public sealed record RoomChanged(RoomInfo Room) : WorkerEvent;

    /// <summary>A room has ended.</summary>
    public sealed record RoomClosed(RoomSid Sid, string Name) : WorkerEvent;

    /// <summary>A bug: something threw while the room's timer ran. The room is closed, which the next event of it says.</summary>
    public sealed record RoomFaulted(string Room, Exception Fault) : WorkerEvent;

    /// <summary>A participant, hidden or not, joined the room, or its description has changed.</summary>
    public sealed record ParticipantChanged(string Room, ParticipantInfo Participant) : WorkerEvent;

    /// <summary>A participant has left the room; its description says why.</summary>
    public sealed record ParticipantLeft(string Room, ParticipantInfo Participant) : WorkerEvent;

    /// <summary>
    /// The worker began to leave out video for want of time, or sends all of it again. At most one of each in ten seconds.
    /// </summary>
    public sealed record OverloadChanged(OverloadInfo Overload) : WorkerEvent;
}
