using MediaGateway.LoadTester.Measuring;

namespace MediaGateway.LoadTester.Scenarios;

/// <summary>The result of a run. Times of packets in microseconds, of joins in milliseconds.</summary>
internal sealed record RunResult
{
    public required string Server { get; init; }

    public required string Scenario { get; init; }

    public required int Viewers { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Packets that reached viewers.</summary>
    public required long Delivered { get; init; }

    /// <summary>Packets that the publishers sent, times their viewers, but did not reach them; seen by viewers that check.</summary>
    public required ReceptionTotals Checked { get; init; }

    /// <summary>Packets that no source of this run sent.</summary>
    public required long Foreign { get; init; }

    public required double CpuPerPacket { get; init; }

    /// <summary>CPU time a packet of the threads that forward; 0 where the tester cannot tell which they are.</summary>
    public required double WorkerCpuPerPacket { get; init; }

    /// <summary>Cores that the server used.</summary>
    public required double ServerLoad { get; init; }

    /// <summary>Cores that the tester used: near the number of its loops, it is the limit, and not the server.</summary>
    public required double TesterLoad { get; init; }

    public required double LatencyP50 { get; init; }

    public required double LatencyP99 { get; init; }

    public required double LatencyP999 { get; init; }

    public required double LatencyMax { get; init; }

    public required double JoinP50 { get; init; }

    public required double JoinP95 { get; init; }

    public required double JoinMax { get; init; }

    /// <summary>Growth of the server's memory from the first viewer to the last, bytes a viewer.</summary>
    public required long MemoryPerViewer { get; init; }

    public required long ResidentBytes { get; init; }

    /// <summary>Growth of the server's memory within the measure.</summary>
    public required long GrowthBytes { get; init; }

    /// <summary>Connections that the server still held after all had left; null when it does not say.</summary>
    public required int? PeersLeft { get; init; }

    /// <summary>Datagrams that full receive buffers of the machine cost, the tester's own included.</summary>
    public required long KernelDrops { get; init; }

    /// <summary>Viewers whose connection ended although nobody had them leave.</summary>
    public required int Ended { get; init; }

    /// <summary>Reason why a client who came within the measure did not get to play; null when all did.</summary>
    public required string? TurnedAway { get; init; }

    /// <summary>The server's collector; null where it has none.</summary>
    public GarbageReport? Garbage { get; init; }

    /// <summary>Packets that the server says did not go on within the measure, by reason; null where it does not say.</summary>
    public required IReadOnlyDictionary<string, long>? Drops { get; init; }

    /// <summary>The last that the server wrote, warnings and worse.</summary>
    public required string Log { get; init; }

    public double PacketsPerSecond => Delivered / Seconds;
}
