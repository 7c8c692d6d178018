using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Ice;

/// <summary>
/// The last transaction ids and the path (<see cref="IcePath.Serial"/>) that each came by: a captured check sent
/// again from elsewhere is recognised by it.
/// </summary>
internal sealed class RecentTransactions
{
    // At one check in 2.5 s, a settled peer's last 160 s.
    private const int Capacity = 64;

    // Enough for connecting; most of those who come in a rush have not been here for long.
    private const int InitialCapacity = 16;

    private StunTransactionId[] _ids = new StunTransactionId[InitialCapacity];
    private int[] _paths = new int[InitialCapacity];
    private int _count;
    private int _next;

    public bool TryGetPath(StunTransactionId id, out int pathSerial)
    {
        int index = _ids.AsSpan(0, _count).IndexOf(id);
        pathSerial = index < 0 ? 0 : _paths[index];
        return index >= 0;
    }

    public void Add(StunTransactionId id, int pathSerial)
    {
        if (_count == _ids.Length && _count < Capacity)
        {
            Array.Resize(ref _ids, Capacity);
            Array.Resize(ref _paths, Capacity);
        }
        _ids[_next] = id;
        _paths[_next] = pathSerial;
        _next = (_next + 1) % Capacity;
        _count = Math.Max(_count, _next == 0 ? Capacity : _next);
    }
}
