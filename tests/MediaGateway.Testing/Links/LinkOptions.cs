namespace MediaGateway.Testing.Links;

/// <summary>A bottleneck as a scenario describes it.</summary>
public sealed record LinkOptions
{
    public required RateTrace Rate { get; init; }

    /// <summary>Room of the queue as the time that the capacity of the moment takes to empty it (<c>tc tbf latency</c>).</summary>
    public TimeSpan QueueLength { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Room of the queue in bytes, whatever the capacity; null to go by <see cref="QueueLength"/>.</summary>
    public int? QueueBytes { get; init; }

    /// <summary>True for a queue managed by CoDel (RFC 8289); one that drops at its tail only otherwise.</summary>
    public bool IsManaged { get; init; }
}
