using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Ice;

/// <summary>
/// The valid paths of one agent, few enough to walk, the selected one among them, and the queue of those that have
/// ceased to be valid and that the owner has not yet been told of.
/// </summary>
internal sealed class IcePathTable(int capacity)
{
    private readonly List<IcePath> _paths = new(Math.Min(capacity, 4));
    private readonly Queue<NetworkPath> _removed = new();
    private int _lastSerial;

    public IcePath? Selected { get; private set; }

    /// <summary>Time at which <see cref="Selected"/> became what it is: provisional, or nominated.</summary>
    public MonotonicTime SelectedAt { get; private set; }

    public IcePath? Find(in NetworkPath path)
    {
        foreach (IcePath candidate in _paths)
        {
            if (candidate.Path == path)
                return candidate;
        }
        return null;
    }

    /// <summary>Adds a path; when full, the one silent for longest goes, but never the selected one.</summary>
    public IcePath Add(in NetworkPath path, MonotonicTime now)
    {
        if (_paths.Count >= capacity && LongestSilent() is { } silent)
            Remove(silent);
        var added = new IcePath(path, ++_lastSerial, now);
        _paths.Add(added);
        return added;
    }

    public void Select(IcePath path, MonotonicTime now)
    {
        Selected = path;
        SelectedAt = now;
    }

    /// <summary>Finds the time at which the first path's consent runs out, if no further check comes.</summary>
    public MonotonicTime NextExpiry(TimeSpan consent)
    {
        MonotonicTime next = MonotonicTime.Never;
        foreach (IcePath path in _paths)
            next = MonotonicTime.Min(next, path.LastCheck + consent);
        return next;
    }

    /// <summary>Removes the paths whose consent has run out; the best of the others is selected when the selected one has.</summary>
    public void Expire(TimeSpan consent, MonotonicTime now)
    {
        for (int i = _paths.Count - 1; i >= 0; i--)
        {
            if (now >= _paths[i].LastCheck + consent)
                Remove(_paths[i]);
        }
        Reselect(now);
    }

    public void OnStandstill(TimeSpan time, MonotonicTime now)
    {
        foreach (IcePath path in _paths)
            path.OnStandstill(time, now);
    }

    /// <summary>Removes a path that has closed; the best of the others is selected when it was the selected one.</summary>
    public void Close(in NetworkPath path, MonotonicTime now)
    {
        if (Find(path) is not { } closed)
            return;
        Remove(closed);
        Reselect(now);
    }

    public void Clear()
    {
        while (_paths.Count > 0)
            Remove(_paths[^1]);
    }

    public bool TryTakeRemoved(out NetworkPath path) => _removed.TryDequeue(out path);

    private void Remove(IcePath path)
    {
        _paths.Remove(path);
        _removed.Enqueue(path.Path);
        if (Selected == path)
            Selected = null;
    }

    private void Reselect(MonotonicTime now)
    {
        if (Selected is null && Best() is { } best)
            Select(best, now);
    }

    private IcePath? LongestSilent()
    {
        IcePath? oldest = null;
        foreach (IcePath path in _paths)
        {
            if (path != Selected && (oldest is null || path.LastCheck < oldest.LastCheck))
                oldest = path;
        }
        return oldest;
    }

    private IcePath? Best()
    {
        IcePath? best = null;
        foreach (IcePath path in _paths)
        {
            if (best is null || Rank(path).CompareTo(Rank(best)) > 0)
                best = path;
        }
        return best;
    }

    private static (int Generation, bool Nominated, uint Priority) Rank(IcePath path) =>
        (path.Generation, path.LastNomination is not null, path.Priority);
}
