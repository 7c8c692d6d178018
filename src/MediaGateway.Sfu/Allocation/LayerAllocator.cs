namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Decides which of its steps each video of a receiver is given, so that all of them fit the line. The lowest step of all comes first, by
/// importance; then the most important ones are raised to their wish, equal ones in turns. What is taken away is the same in reverse.
/// Pure and deterministic: it knows neither time nor history beyond the step that each video is at. Allocates nothing.
/// <para><b>Invariant: where pausing is allowed, what is chosen never costs more than the budget, and of two videos alike the more
/// important one is never given less.</b></para>
/// </summary>
internal static class LayerAllocator
{
    /// <summary>Step that stands for a video that is left out.</summary>
    public const int None = -1;

    /// <summary>Chooses the steps.</summary>
    /// <param name="claims">The videos, in any order; they are sorted, and their choices written.</param>
    /// <param name="rungs">The steps of all of them.</param>
    /// <param name="budget">What there is.</param>
    public static LayerChoice Choose(Span<VideoClaim> claims, ReadOnlySpan<LayerRung> rungs, in LineBudget budget)
    {
        Sort(claims);
        var choosing = new Choosing(rungs, budget);
        foreach (ref VideoClaim claim in claims)
            choosing.Begin(ref claim);
        foreach (ref VideoClaim claim in claims)
        {
            if (claim.Chosen == None)
                choosing.TryRaise(ref claim);
        }
        for (int first = 0, end; first < claims.Length; first = end)
        {
            for (end = first + 1; end < claims.Length && claims[end].Class == claims[first].Class;)
                end++;
            choosing.RaiseInTurns(claims[first..end]);
        }
        return new LayerChoice(choosing.Total, choosing.Missing > 0 ? choosing.Total + choosing.Missing : 0);
    }

    /// <summary>
    /// Leaves the most important video the step that it is at, whatever it costs: while nothing is known of a line, a picture that is sent
    /// says more of it than one that is withheld.
    /// </summary>
    /// <returns>What that costs more than the choice, bits per second.</returns>
    public static long KeepFirst(Span<VideoClaim> claims, ReadOnlySpan<LayerRung> rungs)
    {
        if (claims.IsEmpty || claims[0].Chosen >= claims[0].Current)
            return 0;
        ref VideoClaim claim = ref claims[0];
        long before = claim.Cost;
        (claim.Chosen, claim.Cost) = (claim.Current, rungs[claim.First + claim.Current].Mean);
        return claim.Cost - before;
    }

    /// <summary>Takes the least important video down by one step; none is left out for that.</summary>
    /// <returns>What that saves, bits per second; 0 when all are at their lowest step.</returns>
    public static long TakeStep(Span<VideoClaim> claims, ReadOnlySpan<LayerRung> rungs)
    {
        for (int i = claims.Length - 1; i >= 0; i--)
        {
            ref VideoClaim claim = ref claims[i];
            if (claim.Chosen <= 0)
                continue;
            long cost = rungs[claim.First + --claim.Chosen].Mean, saved = claim.Cost - cost;
            claim.Cost = cost;
            return saved;
        }
        return 0;
    }

    /// <summary>Puts the most important first; of equals those that are sent, then the larger. A few dozen, and nearly sorted.</summary>
    private static void Sort(Span<VideoClaim> claims)
    {
        for (int i = 1; i < claims.Length; i++)
        {
            VideoClaim claim = claims[i];
            int place = i;
            for (; place > 0 && IsBefore(claim, claims[place - 1]); place--)
                claims[place] = claims[place - 1];
            claims[place] = claim;
        }
    }

    private static bool IsBefore(in VideoClaim claim, in VideoClaim other)
    {
        if (claim.Class != other.Class)
            return claim.Class > other.Class;
        bool isSent = claim.Current > None, isOtherSent = other.Current > None;
        return isSent != isOtherSent ? isSent : claim.Size > other.Size;
    }

    private ref struct Choosing(ReadOnlySpan<LayerRung> rungs, LineBudget budget)
    {
        private readonly ReadOnlySpan<LayerRung> _rungs = rungs;

        /// <summary>Rate of all that is chosen so far, bits per second.</summary>
        public long Total { get; private set; }

        /// <summary>Rate that the first step that did not fit would have added; 0 when all did.</summary>
        public long Missing { get; private set; }

        public void Begin(ref VideoClaim claim)
        {
            (claim.Chosen, claim.Cost, claim.IsDone) = (None, 0, false);
            if (claim.Count == 0 || budget.MayPause)
                return;
            (claim.Chosen, claim.Cost) = (0, _rungs[claim.First].Mean);
            Total += claim.Cost;
        }

        /// <summary>
        /// Raises equal videos level by level, so that none is raised before the others had their turn. What they have comes before what
        /// they lack: else they would take it from each other.
        /// </summary>
        public void RaiseInTurns(Span<VideoClaim> equals)
        {
            bool isAnyRaised = true;
            for (int level = 0; isAnyRaised; level++)
            {
                isAnyRaised = false;
                foreach (ref VideoClaim claim in equals)
                    isAnyRaised |= claim.Chosen == level && level < claim.Current && TryRaise(ref claim);
                foreach (ref VideoClaim claim in equals)
                    isAnyRaised |= claim.Chosen == level && TryRaise(ref claim);
            }
        }

        /// <summary>Gives a video its next step, when there is room.</summary>
        public bool TryRaise(ref VideoClaim claim)
        {
            int next = claim.Chosen + 1;
            if (claim.IsDone || next >= claim.Count)
                return false;
            ref readonly LayerRung rung = ref _rungs[claim.First + next];
            bool rises = next > claim.Current;
            if (rises && next > claim.Ceiling)
                return false;
            long cost = rises ? rung.Peak : rung.Mean, added = cost - claim.Cost;
            if (Total + added > (rises ? budget.Rising : budget.Staying))
            {
                claim.IsDone = true;
                Missing = Missing > 0 ? Missing : Math.Max(added, 1);
                return false;
            }
            (claim.Chosen, claim.Cost) = (next, cost);
            Total += added;
            return true;
        }
    }
}
