using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Number of watches that are open.</summary>
internal sealed class WatcherCount
{
    private int _count;

    /// <summary>Counts one more watch, until what it returns is disposed.</summary>
    /// <exception cref="ContractException">ResourceExhausted: too many are open.</exception>
    public IDisposable Enter(int max)
    {
        if (Interlocked.Increment(ref _count) <= max)
            return new Place(this);
        Interlocked.Decrement(ref _count);
        throw new ContractException(ErrorCode.TooManyWatchers, $"Too many open watches (Control:MaxWatchers is {max}); retry later.");
    }

    private sealed class Place(WatcherCount count) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref count._count);
    }
}
