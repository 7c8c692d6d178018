using MediaGateway.Rtc.Buffers;

namespace MediaGateway.Testing.Workers;

/// <summary>
/// The targets that a worker has asked to be fetched, and how many datagrams had been sent by then; only counts until it is told to keep.
/// </summary>
/// <param name="sent">Where the worker sends to.</param>
public sealed class PrefetchLog(SentDatagrams sent) : IPrefetcher
{
    /// <summary>Allocates nothing while false.</summary>
    public bool Keeps { get; set; }

    public long Total { get; private set; }

    /// <summary>Number of datagrams that had been sent when a target was first fetched, by target, since <see cref="Keeps"/>.</summary>
    public Dictionary<object, long> FirstAt { get; } = new(ReferenceEqualityComparer.Instance);

    public void Prefetch(object? target, int lines)
    {
        Total++;
        if (Keeps && target is not null)
            FirstAt.TryAdd(target, sent.Total);
    }
}
