using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Control;

/// <summary>How many watch at once.</summary>
internal sealed class WatcherCount
{
    private int _count;

    /// <summary>Takes a place until what it returns is disposed.</summary>
    /// <exception cref="ControlException">There is none.</exception>
    public IDisposable Enter(int max)
    {
        if (Interlocked.Increment(ref _count) <= max)
            return new Place(this);
        Interlocked.Decrement(ref _count);
        throw new ControlException(ControlError.ResourceExhausted, "As many watch as may; watch later.");
    }

    private sealed class Place(WatcherCount count) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref count._count);
    }
}
