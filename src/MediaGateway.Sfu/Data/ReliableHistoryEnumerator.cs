namespace MediaGateway.Sfu.Data;

/// <summary>Walks a history from one packet to the newest; the history must not change meanwhile.</summary>
public ref struct ReliableHistoryEnumerator
{
    private readonly ReliableHistory _history;
    private int _next;

    internal ReliableHistoryEnumerator(ReliableHistory history, int first)
    {
        _history = history;
        _next = first;
    }

    /// <summary>The packet that was reached, borrowed from the history.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly ReliableHistoryEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _history.Count)
            return false;
        Current = _history.BytesAt(_next++);
        return true;
    }
}
