using System.Threading.Channels;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Media;

/// <summary>
/// The workers' outboxes joined into one queue. Unbounded, because an event lost is a session leaked; events are
/// as rare as sessions, which are bounded.
/// </summary>
internal sealed class WorkerEvents : IWorkerEvents
{
    private readonly Channel<object> _queue = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<object> Reader => _queue.Reader;

    public void OnPeerConnected(PeerId peer) => _queue.Writer.TryWrite(new PeerConnected(peer));

    public void OnPeerClosed(PeerId peer, PeerCloseReason reason) => _queue.Writer.TryWrite(new PeerClosed(peer, reason));

    public void OnStreamChanged(LiveStreamSnapshot stream) => _queue.Writer.TryWrite(stream);

    public void OnStreamFault(string stream, Exception fault) => _queue.Writer.TryWrite(new StreamFault(stream, fault));

    public void OnRelayFault(Exception fault) => _queue.Writer.TryWrite(new RelayFault(fault));

    public void OnPeerFault(PeerId peer, Exception fault) => _queue.Writer.TryWrite(new PeerFault(peer, fault));

    public void OnRoomChanged(RoomInfo room) => _queue.Writer.TryWrite(room);

    public void OnParticipantChanged(string room, ParticipantInfo participant) => _queue.Writer.TryWrite(new ParticipantChanged(room, participant));

    public void OnParticipantLeft(string room, ParticipantInfo participant) => _queue.Writer.TryWrite(new ParticipantLeft(room, participant));

    public void OnRoomClosed(RoomSid sid, string name) => _queue.Writer.TryWrite(new RoomClosed(sid, name));

    public void OnRoomFault(string room, Exception fault) => _queue.Writer.TryWrite(new RoomFault(room, fault));

    public void OnOverloadChanged(OverloadInfo overload) => _queue.Writer.TryWrite(overload);

    /// <summary>Completes once the reader has taken everything that was queued before; at once when nothing is read any more.</summary>
    public Task MarkAsync()
    {
        var mark = new Mark(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _queue.Writer.TryWrite(mark) ? mark.Passed.Task : Task.CompletedTask;
    }

    public void Complete() => _queue.Writer.TryComplete();

    internal sealed record Mark(TaskCompletionSource Passed);

    internal sealed record PeerConnected(PeerId Peer);

    internal sealed record PeerClosed(PeerId Peer, PeerCloseReason Reason);

    internal sealed record PeerFault(PeerId Peer, Exception Fault);

    internal sealed record StreamFault(string Stream, Exception Fault);

    internal sealed record RelayFault(Exception Fault);

    internal sealed record ParticipantChanged(string Room, ParticipantInfo Participant);

    internal sealed record ParticipantLeft(string Room, ParticipantInfo Participant);

    internal sealed record RoomClosed(RoomSid Sid, string Name);

    internal sealed record RoomFault(string Room, Exception Fault);
}
