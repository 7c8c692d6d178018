using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// One video's share of its receiver's line: the step that it is given, and which steps turned out to be too much. A step that failed
/// within <see cref="Probation"/> is not tried again for a while, and for twice as long when it fails again.
/// </summary>
internal sealed class VideoShare(Subscription subscription, ISubscriptionOwner owner)
{
    /// <summary>Time after a step up within which a step down says that it was wrong; after that it has held.</summary>
    private static readonly TimeSpan Probation = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(2);

    /// <summary>Client priorities that are told apart: 1, the highest, to this one.</summary>
    private const int LowestPriority = 100;

    private MaxLayers _given = MaxLayers.All;

    /// <summary>True when nothing was given yet: it begins at its lowest step, beside the others.</summary>
    private bool _isNew = true;

    private MaxLayers _tried;
    private MonotonicTime _triedAt = MonotonicTime.Never;
    private MaxLayers _blocked;
    private MonotonicTime _blockedUntil = MonotonicTime.Never;
    private TimeSpan _patience = FirstPatience;

    public Subscription Subscription => subscription;

    /// <summary>States what the video asks for.</summary>
    /// <param name="index">Its index among the receiver's videos.</param>
    /// <param name="rungs">Room for its steps.</param>
    /// <param name="first">Index of the first of them among all.</param>
    /// <param name="now">The time.</param>
    public VideoClaim Claim(int index, Span<LayerRung> rungs, int first, MonotonicTime now)
    {
        VideoImportance importance = owner.ImportanceAt(now);
        int count = subscription.Source is { } source
            ? LayerLadder.Build(source, subscription.Wanted, importance == VideoImportance.Screen, rungs)
            : 0;
        ReadOnlySpan<LayerRung> ladder = rungs[..count];
        if (now - _triedAt >= Probation && !_triedAt.IsNever)
            (_triedAt, _patience) = (MonotonicTime.Never, FirstPatience);
        int current = CurrentIn(ladder);
        return new VideoClaim
        {
            Index = index,
            Class = ((int)importance * (LowestPriority + 1)) + PriorityOf(owner.Priority),
            Size = owner.Size,
            First = first,
            Count = count,
            Current = current,
            IsNew = _isNew,
            Ceiling = Math.Max(CeilingIn(ladder, now), current),
        };
    }

    /// <summary>Puts into force what was chosen.</summary>
    /// <param name="claim">The claim, with the choice.</param>
    /// <param name="ladder">Its steps.</param>
    /// <param name="relief">What the line needs when the step is a lower one.</param>
    /// <param name="isOver">Whether the line carries less than is sent, so that a lower step says that the one before was too much.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether less is given than before, of what was wanted before and still is.</returns>
    public bool Apply(in VideoClaim claim, ReadOnlySpan<LayerRung> ladder, LineRelief relief, bool isOver, MonotonicTime now)
    {
        if (claim.Count == 0)
        {
            // Nothing is wanted, or there is nothing to send: what comes back begins anew.
            _isNew = true;
            return false;
        }
        bool isLowered = !_isNew && claim.Chosen < claim.Current;
        bool isRaised = !_isNew && claim.Chosen > claim.Current;
        _given = claim.Chosen == LayerAllocator.None ? MaxLayers.None : ladder[claim.Chosen].Layers;
        _isNew = false;
        if (isLowered && isOver)
            OnLowered(now);
        else if (isRaised)
            (_tried, _triedAt) = (_given, now);
        // The highest step is all that is wanted: then the line limits nothing.
        MaxLayers limit = claim.Chosen == claim.Count - 1 ? subscription.Wanted : _given;
        subscription.SetLimit(new LayerLimit(limit, LimitCause.Bandwidth), now, isLowered ? relief : LineRelief.None);
        return isLowered;
    }

    /// <summary>Nothing is known of the line, so it limits nothing.</summary>
    public void Lift(MonotonicTime now)
    {
        if (subscription.Forwarder.Current is not null)
            (_given, _isNew) = (MaxLayers.All, false);
        subscription.SetLimit(new LayerLimit(MaxLayers.All, LimitCause.Bandwidth), now);
    }

    private int CurrentIn(ReadOnlySpan<LayerRung> ladder)
    {
        if (ladder.IsEmpty || (_given.Paused && !_isNew))
            return LayerAllocator.None;
        if (_isNew)
            return ladder is [{ Layers.Temporal: MaxLayers.KeyFrames }, _, ..] ? 1 : 0;
        int current = ladder.Length - 1;
        while (current > 0 && IsAbove(ladder[current].Layers, _given))
            current--;
        return current;
    }

    private int CeilingIn(ReadOnlySpan<LayerRung> ladder, MonotonicTime now)
    {
        int ceiling = ladder.Length - 1;
        if (_blockedUntil.IsNever || now >= _blockedUntil)
            return ceiling;
        while (ceiling > 0 && !IsAbove(_blocked, ladder[ceiling].Layers))
            ceiling--;
        return ceiling;
    }

    private void OnLowered(MonotonicTime now)
    {
        if (_triedAt.IsNever || !(_given.Paused || IsAbove(_tried, _given)))
            return;
        _blocked = _tried;
        _blockedUntil = now + _patience;
        _patience = _patience * 2 < LongestPatience ? _patience * 2 : LongestPatience;
        _triedAt = MonotonicTime.Never;
    }

    private static bool IsAbove(in MaxLayers layers, in MaxLayers other) =>
        layers.Spatial != other.Spatial ? layers.Spatial > other.Spatial : layers.Temporal > other.Temporal;

    /// <summary>The more, the more important: LiveKit counts from 1, the highest, and 0 stands for none.</summary>
    private static int PriorityOf(int priority) => priority <= 0 ? 0 : LowestPriority + 1 - Math.Min(priority, LowestPriority);
}
