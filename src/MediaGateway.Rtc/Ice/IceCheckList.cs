using System.Globalization;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Ice;

/// <summary>
/// The candidate pairs of a full agent and the order of their checks (RFC 8445 sections 6.1.2 and 6.1.4). One list, of one
/// component: everything is bundled and multiplexed. Never longer than its capacity, whatever candidates the remote names.
/// </summary>
internal sealed class IceCheckList(int capacity)
{
    private static readonly LocalBase AnyBase = new(new EndpointId(0), IceCandidate.Host(default) with { Foundation = "base" });

    private readonly List<IcePair> _pairs = [];
    private readonly List<IcePair> _triggered = [];
    private readonly List<LocalBase> _bases = [];
    private int _peerReflexive;

    public IReadOnlyList<IcePair> Pairs => _pairs;

    /// <summary>Adds a local socket and the candidate it stands for, before the remote candidates that it is paired with.</summary>
    public void AddBase(EndpointId local, IceCandidate candidate) => _bases.Add(new LocalBase(local, candidate));

    /// <summary>Pairs a remote candidate with each local base of its address family; a path that is there already stays as it is.</summary>
    public void AddRemote(IceCandidate remote, IceRole role)
    {
        if (remote is not { Transport: IceTransport.Udp, Component: 1, HostName: null } || remote.Address.Port == 0)
            return;
        if (_bases.Count == 0)
            Pair(AnyBase, remote, role);
        foreach (LocalBase local in _bases)
        {
            if (local.Candidate.Address.IsIPv4 == remote.Address.IsIPv4)
                Pair(local, remote, role);
        }
    }

    public IcePair? Find(in NetworkPath path)
    {
        foreach (IcePair pair in _pairs)
        {
            if (pair.Path == path)
                return pair;
        }
        return null;
    }

    /// <summary>
    /// Finds the pair of a path, or adds one for a peer-reflexive candidate (RFC 8445 section 7.3.1.3); null when the list is full.
    /// </summary>
    public IcePair? FindOrAdd(in NetworkPath path, uint priority)
    {
        if (Find(path) is { } known)
            return known;
        if (_pairs.Count >= capacity)
            return null;
        EndpointId local = path.Local;
        LocalBase from = _bases.Find(candidate => candidate.Local == local) ?? AnyBase;
        string foundation = string.Create(CultureInfo.InvariantCulture, $"{from.Candidate.Foundation}:reflexive{++_peerReflexive}");
        var pair = new IcePair(path, from.Candidate.Priority, priority, foundation);
        _pairs.Add(pair);
        return pair;
    }

    /// <summary>Queues a triggered check (RFC 8445 section 6.1.4.1): it goes before ordinary ones.</summary>
    public void Trigger(IcePair pair)
    {
        pair.State = IcePairState.Waiting;
        if (!_triggered.Contains(pair))
            _triggered.Add(pair);
    }

    /// <summary>True when <see cref="TakeNext"/> would return a pair.</summary>
    public bool HasNext(IceRole role) => Next(role) is not null;

    /// <summary>
    /// Takes the pair to check next (RFC 8445 section 6.1.4.2): a triggered one, else a waiting one, else a frozen one. Where the
    /// RFC would end without any, pairs that failed for want of an answer are checked again, as browsers do: the remote may only
    /// be about to begin. The agent's time to connect ends it.
    /// </summary>
    public IcePair? TakeNext(IceRole role)
    {
        IcePair? next = Next(role);
        if (next is not null)
            _triggered.Remove(next);
        return next;
    }

    /// <summary>The pair of the highest priority in a state; null when no pair is in it.</summary>
    public IcePair? Best(IcePairState state, IceRole role)
    {
        IcePair? best = null;
        foreach (IcePair pair in _pairs)
        {
            if (pair.State == state && (best is null || pair.PriorityIn(role) > best.PriorityIn(role)))
                best = pair;
        }
        return best;
    }

    /// <summary>True when a pair of a higher priority than this one may still succeed.</summary>
    public bool HasBetterUndecided(IcePair than, IceRole role)
    {
        foreach (IcePair pair in _pairs)
        {
            if (IsUndecided(pair) && pair.PriorityIn(role) > than.PriorityIn(role))
                return true;
        }
        return false;
    }

    public int CountUndecided()
    {
        int count = 0;
        foreach (IcePair pair in _pairs)
            count += pair.State is IcePairState.Waiting or IcePairState.InProgress ? 1 : 0;
        return count;
    }

    /// <summary>Notes a success, which lets other pairs of the foundation go on to their checks (RFC 8445 section 7.2.5.3.3).</summary>
    public void Succeed(IcePair succeeded)
    {
        succeeded.State = IcePairState.Succeeded;
        _triggered.Remove(succeeded);
        foreach (IcePair pair in _pairs)
        {
            if (pair.State == IcePairState.Frozen && pair.Foundation == succeeded.Foundation)
                pair.State = IcePairState.Waiting;
        }
    }

    /// <summary>Removes all pairs but one, once it has been nominated (RFC 8445 section 8.1.2).</summary>
    public void KeepOnly(IcePair nominated)
    {
        _triggered.Clear();
        _pairs.RemoveAll(pair => pair != nominated);
    }

    public void Clear()
    {
        _triggered.Clear();
        _pairs.Clear();
    }

    private IcePair? Next(IceRole role) =>
        _triggered.Count > 0 ? _triggered[0] : Best(IcePairState.Waiting, role) ?? NextFrozen(role) ?? NextTimedOut(role);

    /// <summary>
    /// The pair to check once more of those that were not answered; null while a pair has succeeded or a first check is left.
    /// </summary>
    private IcePair? NextTimedOut(IceRole role)
    {
        IcePair? best = null;
        foreach (IcePair pair in _pairs)
        {
            if (pair.State == IcePairState.Succeeded || (IsUndecided(pair) && pair.Rounds == 0))
                return null;
            if (pair.HasTimedOut && (best is null || pair.Rounds < best.Rounds
                || (pair.Rounds == best.Rounds && pair.PriorityIn(role) > best.PriorityIn(role))))
            {
                best = pair;
            }
        }
        return best;
    }

    private static bool IsUndecided(IcePair pair) => pair.State is IcePairState.Frozen or IcePairState.Waiting or IcePairState.InProgress;

    private void Pair(LocalBase local, IceCandidate remote, IceRole role)
    {
        var path = new NetworkPath(local.Local, remote.Address);
        if (_pairs.Count >= capacity || Find(path) is not null)
            return;
        var pair = new IcePair(path, local.Candidate.Priority, remote.Priority, $"{local.Candidate.Foundation}:{remote.Foundation}");
        pair.State = Thaw(pair, role) ? IcePairState.Waiting : IcePairState.Frozen;
        _pairs.Add(pair);
    }

    /// <summary>
    /// Decides whether a new pair starts as waiting: of a foundation the pair of the highest priority does, and every pair
    /// once one has succeeded (RFC 8445 section 6.1.2.6, RFC 8838 section 12).
    /// </summary>
    private bool Thaw(IcePair added, IceRole role)
    {
        foreach (IcePair pair in _pairs)
        {
            if (pair.Foundation != added.Foundation)
                continue;
            if (pair.State == IcePairState.Succeeded)
                return true;
            if (pair.State == IcePairState.InProgress
                || (pair.State == IcePairState.Waiting && pair.PriorityIn(role) >= added.PriorityIn(role)))
                return false;
            if (pair.State == IcePairState.Waiting && !_triggered.Contains(pair))
                pair.State = IcePairState.Frozen;
        }
        return true;
    }

    private IcePair? NextFrozen(IceRole role)
    {
        IcePair? best = null;
        foreach (IcePair pair in _pairs)
        {
            if (pair.State == IcePairState.Frozen && !IsFoundationBusy(pair.Foundation)
                && (best is null || pair.PriorityIn(role) > best.PriorityIn(role)))
            {
                best = pair;
            }
        }
        return best;
    }

    private bool IsFoundationBusy(string foundation)
    {
        foreach (IcePair pair in _pairs)
        {
            if (pair.Foundation == foundation && (pair.State is IcePairState.Waiting or IcePairState.InProgress))
                return true;
        }
        return false;
    }

    /// <summary>A local socket by its index, and the candidate that is reached through it.</summary>
    private sealed record LocalBase(EndpointId Local, IceCandidate Candidate);
}
