using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;

namespace MediaGateway.Server.Operations;

/// <summary>Operations on the node itself.</summary>
internal sealed class NodeOperations(WorkerPool workers, NodeEvents events, Readiness readiness)
{
    /// <summary>Makes the node refuse everybody new.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="disconnect">Whether those who are here are sent away too.</param>
    /// <exception cref="ContractException">PermissionDenied.</exception>
    public async Task DrainAsync(Caller caller, bool disconnect)
    {
        caller.RequireNode();
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
