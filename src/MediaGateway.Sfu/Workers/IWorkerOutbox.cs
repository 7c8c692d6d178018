namespace MediaGateway.Sfu.Workers;

/// <summary>
/// A worker's outbox. The worker's thread calls it between packets: an implementation only queues the event and never runs control
/// code inline.
/// </summary>
public interface IWorkerOutbox
{
    public void Add(WorkerEvent workerEvent);
}
