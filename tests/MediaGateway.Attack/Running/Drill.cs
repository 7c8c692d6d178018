namespace MediaGateway.Attack.Running;

/// <summary>One attack on the gateway.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Threat">The heading of docs/security.md that it tries.</param>
/// <param name="RunAsync">Attacks until its time is over.</param>
internal sealed record Drill(string Name, string Threat, Func<OngoingAttack, Task> RunAsync)
{
    /// <summary>The machine that the gateway has for it.</summary>
    public Confines Confines { get; init; } = Confines.None;

    /// <summary>Memory that may stay, bytes: what the collector, the allocator and Kestrel's pool keep for the next time.</summary>
    public long MemoryBound { get; init; } = 24L << 20;

    /// <summary>Log lines that it may cause, without those of sessions that were let in.</summary>
    public int MostLogLines { get; init; } = 1;
}
