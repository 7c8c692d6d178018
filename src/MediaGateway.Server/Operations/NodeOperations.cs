using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Node;

namespace MediaGateway.Server.Operations;

/// <summary>Operations on the node itself.</summary>
internal sealed class NodeOperations(WorkerPool workers, NodeEvents events, Readiness readiness)
{
    /// <summary>Makes the node refuse everybody new.</summary>
    /// <param name="disconnect">Whether those who are here are sent away too.</param>
    public async Task DrainAsync(bool disconnect)
    {
        readiness.BeginDrain();
        if (!disconnect)
            return;
        await workers.DrainAsync();
        await events.CaughtUpAsync();
    }

    public Task<WorkerMeasurement[]> MeasureWorkersAsync() =>
        Task.WhenAll(workers.Workers.Select(worker => worker.InvokeAsync((logic, _) => new WorkerMeasurement(
        worker.Index,
        logic.Peers.Count,
        logic.Peers.HalfOpenCount,
        logic.Rooms.All.Count,
        logic.LiveStreams.All.Count,
        worker.Datapath.Statistics.BusyTime,
        worker.Datapath.Statistics.DatagramsReceived,
        worker.Datapath.Statistics.DatagramsSent,
        logic.SheddingLevel,
        Enum.GetValues<DropReason>().Where(reason => logic.Drops[reason] > 0)
        .ToDictionary(reason => reason, reason => logic.Drops[reason])))));
}
