using System.Reflection;
using Google.Protobuf.WellKnownTypes;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.V1;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>The process and its workers as messages.</summary>
internal sealed class NodeDescriber(NodeOperations node, EventLog log, Readiness readiness, TimeProvider clock)
{
    private static readonly string Version =
        typeof(NodeDescriber).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private readonly Timestamp _started = Timestamp.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>Refuses what another node is asked for.</summary>
    /// <exception cref="ContractException">NotFound.</exception>
    public void RequireThis(string id) => node.RequireThis(id);

    public V1.Node Node()
    {
        NodeState state = log.State;
        return new V1.Node
        {
            Id = log.NodeId,
            Version = Version,
            StartTime = _started,
            Draining = readiness.IsDraining,
            RoomCount = state.Rooms.Count,
            ParticipantCount = state.Rooms.Values.Sum(room => room.Participants.Count),
            LiveStreamCount = state.Streams.Count,
            ViewerCount = state.Streams.Values.Sum(stream => stream.ViewerCount),
        };
    }

    public async Task<IEnumerable<WorkerStats>> WorkersAsync() => (await node.MeasureWorkersAsync()).Select(Of);

    private static WorkerStats Of(WorkerMeasurement worker)
    {
        var stats = new WorkerStats
        {
            Index = worker.Index,
            PeerCount = worker.PeerCount,
            HalfOpenPeerCount = worker.HalfOpenPeerCount,
            RoomCount = worker.RoomCount,
            LiveStreamCount = worker.LiveStreamCount,
            BusyTime = Duration.FromTimeSpan(worker.BusyTime),
            DatagramsReceived = worker.DatagramsReceived,
            DatagramsSent = worker.DatagramsSent,
            SheddingLevel = worker.SheddingLevel,
        };
        foreach ((DropReason reason, long count) in worker.Drops)
            stats.Drops.Add(reason.ToString(), count);
        return stats;
    }
}
