using MediaGateway.Server.Background;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Telemetry;
using MediaGateway.Sfu.Media;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Node;

/// <summary>
/// Reads what the workers report, in one order. Sessions connect and end with their peers, changes go to the event log, and
/// what an operator should know goes to the log.
/// </summary>
internal sealed class NodeEvents(
    SessionTable sessions, ViewerPlacement viewers, EventLog log, NodeTelemetry telemetry, Supervisor supervisor,
    ILogger<NodeEvents> logger)
{
    private const string Work = "node events";

    private readonly WorkerEvents _queue = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>The queue that every worker writes to.</summary>
    public WorkerEvents Outbox => _queue;

    public void Start() => _loop = supervisor.RunAsync(Work, _ => ReadAsync(), CancellationToken.None);

    /// <summary>Completes once everything that the workers have reported by now is in the event log.</summary>
    public Task CaughtUpAsync() => _queue.MarkAsync();

    /// <summary>Reads what is left; to be called once the workers have ended.</summary>
    public Task CompleteAsync()
    {
        _queue.Complete();
        return _loop;
    }

    private async Task ReadAsync()
    {
        await foreach (WorkerEvent happened in _queue.ReadAllAsync())
        {
            // Each step by itself: what one of them fails at is not missing in the others, and the next event is read all the same.
            supervisor.Once(Work, () => Observe(happened));
            supervisor.Once(Work, () => Append(happened));
            supervisor.Once(Work, () => logger.Report(happened));
        }
    }

    private void Observe(WorkerEvent happened)
    {
        switch (happened)
        {
            case WorkerEvent.PeerConnected connected when sessions.MarkConnected(connected.Peer) is { } session:
                session.Join?.Connected();
                using (logger.SessionScope(session.Info.Stream, session.Id))
                    logger.PeerConnected();
                break;
            case WorkerEvent.PeerClosed closed when Remove(closed.Peer) is { } session:
                telemetry.Ended(session.Info.Kind, session.Join, closed.Reason);
                using (logger.SessionScope(session.Info.Stream, session.Id))
                    logger.PeerClosed(closed.Reason);
                break;
            case WorkerEvent.ParticipantChanged { Participant: var participant }:
                telemetry.Changed(participant);
                break;
            case WorkerEvent.LiveStreamChanged { Stream: var stream }:
                telemetry.Changed(log.Snapshot().State.Streams.GetValueOrDefault(stream.Name), stream);
                break;
        }
    }

    /// <summary>The session that ended; null when it had been removed before.</summary>
    private MediaSession? Remove(PeerId peer)
    {
        MediaSession? session = sessions.Remove(peer);
        if (session is not null)
            viewers.Release(session);
        return session;
    }

    /// <summary>A stream that ended before it was ever reported has nothing to be removed.</summary>
    private void Append(WorkerEvent happened)
    {
        if (NodeChange.From(happened) is not { } change)
            return;
        if (change is not NodeChange.StreamRemoved removed || log.State.Streams.ContainsKey(removed.Name))
            log.Append(change);
    }
}
