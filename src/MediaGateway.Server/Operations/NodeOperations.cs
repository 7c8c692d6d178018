using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;

namespace MediaGateway.Server.Operations;

/// <summary>Operations on the node itself.</summary>
internal sealed class NodeOperations(WorkerPool workers, NodeEvents events, EventLog log, Readiness readiness)
{
    /// <summary>Refuses what another node is asked for: there is one node, this one.</summary>
    /// <param name="node">Its id; empty for this one.</param>
    /// <exception cref="ContractException">NodeNotFound.</exception>
    public void RequireThis(string node)
    {
        if (node.Length > 0 && node != log.NodeId)
            throw Refusal.NodeNotFound(node);
    }

    /// <summary>Makes the node refuse everybody new.</summary>
    /// <param name="node">The node's id; empty for this one.</param>
    /// <param name="disconnect">Whether those who are here are sent away too.</param>
    /// <exception cref="ContractException">NodeNotFound.</exception>
    public async Task DrainAsync(string node, bool disconnect)
    {
        RequireThis(node);
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
