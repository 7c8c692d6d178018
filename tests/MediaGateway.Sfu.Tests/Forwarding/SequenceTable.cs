namespace MediaGateway.Sfu.Tests.Forwarding;

/// <summary>Model of a sequence map, packet by packet and without limits.</summary>
internal sealed class SequenceTable(long first)
{
    private readonly Dictionary<long, (string Source, int Constants, long Incoming)> _byOutgoing = [];
    private readonly Dictionary<long, (long Outgoing, int Constants)> _current = [];
    private string _source = "";
    private int _constants;

    public long Next { get; private set; } = first;

    public long Highest { get; private set; }

    public void Begin(string source, int constants, long incoming)
    {
        _current.Clear();
        (_source, _constants, Highest) = (source, constants, incoming - 1);
    }

    public void Continue(int constants, long incoming)
    {
        AssignUpTo(incoming - 1);
        _constants = constants;
    }

    public bool TryDrop(long from, long last, int constants)
    {
        if (from <= Highest)
            return false;
        AssignUpTo(from - 1);
        Highest = last;
        _constants = constants;
        return true;
    }

    public long Reserve(long incoming, int count)
    {
        AssignUpTo(incoming - 1);
        long reserved = Next;
        Next += count;
        return reserved;
    }

    public (long Outgoing, int Constants)? Map(long incoming)
    {
        AssignUpTo(incoming);
        return _current.TryGetValue(incoming, out (long, int) found) ? found : null;
    }

    public (string Source, int Constants, long Incoming)? Reverse(long outgoing) =>
        _byOutgoing.TryGetValue(outgoing, out (string, int, long) found) ? found : null;

    /// <summary>Packets that are missing keep places of their own.</summary>
    private void AssignUpTo(long incoming)
    {
        while (Highest < incoming)
        {
            Highest++;
            _current.Add(Highest, (Next, _constants));
            _byOutgoing.Add(Next++, (_source, _constants, Highest));
        }
    }
}
