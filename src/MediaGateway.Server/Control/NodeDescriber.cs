using System.Reflection;
using Google.Protobuf.WellKnownTypes;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.V1;
using Enum = System.Enum;

namespace MediaGateway.Server.Control;

/// <summary>The process and its workers as messages.</summary>
internal sealed class NodeDescriber(WorkerPool workers, EventLog log, Readiness readiness, TimeProvider clock)
{
    private static readonly string Version =
        typeof(NodeDescriber).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private readonly Timestamp _started = Timestamp.FromDateTimeOffset(clock.GetUtcNow());

    public V1.Node Node()
    {
        NodeState state = log.Snapshot().State;
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

    public Task<WorkerStats[]> WorkersAsync() => Task.WhenAll(workers.Workers.Select((worker, index) => worker.InvokeAsync((logic, _) =>
    {
        var stats = new WorkerStats
        {
            Index = index,
            PeerCount = logic.PeerCount,
            HalfOpenPeerCount = logic.HalfOpenPeerCount,
            RoomCount = logic.Rooms.Count,
            LiveStreamCount = logic.Streams.Count,
            BusyTime = Duration.FromTimeSpan(worker.Datapath.Statistics.BusyTime),
            DatagramsReceived = worker.Datapath.Statistics.DatagramsReceived,
            DatagramsSent = worker.Datapath.Statistics.DatagramsSent,
            SheddingLevel = logic.SheddingLevel,
        };
        foreach (DropReason reason in Enum.GetValues<DropReason>().Where(reason => logic.Drops[reason] > 0))
            stats.Drops.Add(reason.ToString(), logic.Drops[reason]);
        return stats;
    })));
}
