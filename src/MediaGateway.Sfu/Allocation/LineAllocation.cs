using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Division of one receiver's line among all that it is sent: sound first, the rest to its videos by <see cref="LayerAllocator"/>. Less
/// as soon as the estimate is below what is sent; more only when it covers a tenth more than the next step needs, and not within
/// <see cref="HoldTime"/> of a step down, so that nothing flaps. Allocates nothing while no video is added.
/// </summary>
internal sealed class LineAllocation(AllocationSpace space)
{
    /// <summary>Time after a step down within which no video is raised: the estimate has to settle first.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(2);

    /// <summary>Time between two looks at what layers cost while that may change what is sent.</summary>
    private static readonly TimeSpan CostInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Part of the estimate that a step down goes below, in percent.</summary>
    private const long FallPercent = 87;

    /// <summary>Part of what a step up needs that the estimate has to reach, in percent.</summary>
    private const long RisePercent = 110;

    /// <summary>Sound, and data beside it, count with this much more, in percent: nothing else may make them wait.</summary>
    private const long ReservePercent = 105;

    /// <summary>Estimate, in percent of the wish, from which on no change of costs makes a difference soon.</summary>
    private const long PlentyPercent = 150;

    /// <summary>Assumed rate of a sound that has not been measured yet, bits per second.</summary>
    private const long AssumedSound = 50_000;

    private readonly List<VideoShare> _videos = [];
    private readonly List<Subscription> _sounds = [];
    private MonotonicTime _heldUntil;
    private bool _isLimiting;

    /// <summary>Rates that the line was asked to carry last.</summary>
    public LineDemand Demand { get; private set; }

    /// <summary>Time at which the division is to be looked at again; never while only a change can make a difference.</summary>
    public MonotonicTime NextDue { get; private set; } = MonotonicTime.Never;

    public void Add(Subscription subscription, ISubscriptionOwner owner)
    {
        if (subscription.Kind == MediaKind.Video)
            _videos.Add(new VideoShare(subscription, owner));
        else
            _sounds.Add(subscription);
    }

    public void Remove(Subscription subscription)
    {
        _sounds.Remove(subscription);
        for (int i = _videos.Count - 1; i >= 0; i--)
        {
            if (_videos[i].Subscription == subscription)
                _videos.RemoveAt(i);
        }
    }

    /// <summary>Divides the line as it is now.</summary>
    public void Allocate(in LineState line, MonotonicTime now)
    {
        if (line.Estimate is not { } estimate)
        {
            Lift(now);
            return;
        }
        _isLimiting = true;
        Span<VideoClaim> claims = space.ClaimsOf(_videos.Count);
        Span<LayerRung> rungs = space.Rungs;
        (long sending, long wish) = Gather(claims, rungs, now);
        long sound = SoundRate(), reserved = sound * ReservePercent / 100, room = estimate.BitsPerSecond - reserved;
        bool isOver = sending > Math.Max(room, 0), isHeld = now < _heldUntil;
        LineBudget budget = isOver
            ? new LineBudget((estimate.BitsPerSecond * FallPercent / 100) - reserved, long.MinValue, space.MayPause)
            : new LineBudget(room, isHeld ? long.MinValue : (estimate.BitsPerSecond * 100 / RisePercent) - reserved, space.MayPause);
        LayerChoice choice = LayerAllocator.Choose(claims, rungs, budget);
        long kept = line.IsAssumed ? LayerAllocator.KeepFirst(claims, rungs) : 0, total = choice.Total + kept;
        // A step further, until the queue that has built up is gone.
        if (isOver && line.IsCongested)
            total -= LayerAllocator.TakeStep(claims, rungs);
        bool isLowered = Apply(claims, rungs, isOver, isOver && line.IsCongested ? room - total : null, now);
        if (isLowered && isOver)
            _heldUntil = now + HoldTime;
        bool mayRise = choice.Goal > 0 && !isOver && !isHeld && kept == 0;
        // Rounded up, so that an estimate that reaches the goal is one that the step is taken at.
        long goal = mayRise ? (((reserved + choice.Goal) * RisePercent) + 99) / 100 : 0;
        Demand = new LineDemand(new Bitrate(sound + total), new Bitrate(goal), new Bitrate(sound + wish));
        bool isPlenty = estimate.BitsPerSecond * 100 >= Demand.Wish.BitsPerSecond * PlentyPercent;
        NextDue = isPlenty && total >= wish ? MonotonicTime.Never : now + CostInterval;
    }

    private void Lift(MonotonicTime now)
    {
        NextDue = MonotonicTime.Never;
        Demand = default;
        if (!_isLimiting)
            return;
        _isLimiting = false;
        _heldUntil = default;
        foreach (VideoShare video in _videos)
            video.Lift(now);
    }

    /// <summary>Gathers what the videos claim.</summary>
    /// <returns>Rates of what they are given now, and of all that they want, bits per second.</returns>
    private (long Sending, long Wish) Gather(Span<VideoClaim> claims, Span<LayerRung> rungs, MonotonicTime now)
    {
        long sending = 0, wish = 0;
        int first = 0;
        for (int i = 0; i < claims.Length; i++)
        {
            VideoClaim claim = claims[i] = _videos[i].Claim(i, rungs.Slice(first, LayerLadder.MaxRungs), first, now);
            first += claim.Count;
            if (claim.Count == 0)
                continue;
            sending += claim.IsNew || claim.Current == LayerAllocator.None ? 0 : rungs[claim.First + claim.Current].Mean;
            wish += rungs[claim.First + claim.Count - 1].Peak;
        }
        return (sending, wish);
    }

    private long SoundRate()
    {
        long rate = 0;
        foreach (Subscription sound in _sounds)
        {
            if (sound.Source is { IsMuted: false, Best.Costs: { } costs })
                rate += costs.IsKnown ? costs.PeakOf(0, 0) : AssumedSound;
        }
        return rate;
    }

    /// <param name="claims">The choices.</param>
    /// <param name="rungs">The steps.</param>
    /// <param name="isOver">Whether the line carries less than is sent.</param>
    /// <param name="spare">
    /// Rate that the line has beside what is chosen while a queue before it grows, bits per second; null while none does.
    /// </param>
    /// <param name="now">The time.</param>
    private bool Apply(ReadOnlySpan<VideoClaim> claims, ReadOnlySpan<LayerRung> rungs, bool isOver, long? spare, MonotonicTime now)
    {
        bool isLowered = false;
        foreach (ref readonly VideoClaim claim in claims)
        {
            VideoShare video = _videos[claim.Index];
            LineRelief relief = spare is not { } beside ? LineRelief.None
                : video.Subscription.BaseRate <= beside + claim.Cost ? LineRelief.Thin
                : LineRelief.Stop;
            isLowered |= video.Apply(claim, rungs.Slice(claim.First, claim.Count), relief, isOver, now);
        }
        return isLowered;
    }
}
