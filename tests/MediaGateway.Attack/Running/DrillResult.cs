using MediaGateway.Attack.Calls;

namespace MediaGateway.Attack.Running;

/// <summary>Result of a drill: what it did, and what became of the gateway.</summary>
internal sealed record DrillResult
{
    public required Drill Drill { get; init; }

    public string Load { get; init; } = "";

    /// <summary>Packets that the call's receivers got, and what went wrong with others.</summary>
    public CallTotals Call { get; init; }

    /// <summary>Datagrams that the kernel dropped before the gateway could read them.</summary>
    public long KernelDrops { get; init; }

    /// <summary>The latest packet of the call, milliseconds after it was sent.</summary>
    public double LatestMilliseconds { get; init; }

    public ProcessSample Before { get; init; }

    public ProcessSample Peak { get; init; }

    /// <summary>Sample of the time at which it has come back, or was to be back.</summary>
    public ProcessSample After { get; init; }

    /// <summary>Time from the end of the attack until memory and descriptors were back.</summary>
    public TimeSpan Settled { get; init; }

    public long BytesIn { get; init; }

    public long BytesOut { get; init; }

    /// <summary>Lines that the gateway logged meanwhile, without those of sessions that were let in.</summary>
    public int LogLines { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }
}
