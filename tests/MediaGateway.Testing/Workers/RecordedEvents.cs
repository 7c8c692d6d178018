using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Testing.Workers;

/// <summary>The events that a worker put into its outbox.</summary>
public sealed class RecordedEvents : IWorkerOutbox
{
    public List<PeerId> Connected { get; } = [];

    public List<(PeerId Peer, PeerCloseReason Reason)> Closed { get; } = [];

    public List<(PeerId Peer, Exception Fault)> Faults { get; } = [];

    /// <summary>The exception of an event that reports a bug; null for any other event.</summary>
    public static Exception? FaultOf(WorkerEvent workerEvent) => workerEvent switch
    {
        WorkerEvent.PeerFaulted fault => fault.Fault,
        WorkerEvent.LiveStreamFaulted fault => fault.Fault,
        WorkerEvent.RelayFaulted fault => fault.Fault,
        WorkerEvent.RoomFaulted fault => fault.Fault,
        _ => null,
    };

    public void Add(WorkerEvent workerEvent)
    {
        if (FaultOf(workerEvent) is { } fault)
            Faults.Add((workerEvent is WorkerEvent.PeerFaulted { Peer: var peer } ? peer : default, fault));
        else if (workerEvent is WorkerEvent.PeerConnected connected)
            Connected.Add(connected.Peer);
        else if (workerEvent is WorkerEvent.PeerClosed closed)
            Closed.Add((closed.Peer, closed.Reason));
    }
}
