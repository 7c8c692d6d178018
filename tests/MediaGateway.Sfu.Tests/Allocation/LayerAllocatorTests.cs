using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Allocation;

/// <summary>Tests of the division of a budget among videos, over random videos, costs and budgets.</summary>
public sealed class LayerAllocatorTests
{
    private const int Seeds = 3000;

    [Fact]
    public void What_is_chosen_never_costs_more_than_the_budget_nor_exceeds_what_may_be_chosen() => ForSeeds(random =>
    {
        Space space = new(random);
        LineBudget budget = space.Budget(mayPause: true);
        LayerChoice choice = LayerAllocator.Choose(space.Claims, space.Rungs, budget);

        Assert.Equal(space.Claims.Sum(claim => claim.Cost), choice.Total);
        Assert.True(choice.Total <= budget.Staying, $"{choice.Total} of {budget.Staying}");
        Assert.All(space.Claims, claim => Assert.InRange(claim.Chosen, LayerAllocator.None, claim.Count - 1));
        Assert.All(space.Claims, claim => Assert.True(claim.Chosen <= Math.Max(claim.Current, claim.Ceiling)));
        bool isAll = space.Claims.All(claim => claim.Chosen == Math.Max(claim.Ceiling, claim.Current) || claim.Count == 0);
        Assert.Equal(!isAll, choice.Goal > choice.Total);
    });

    [Fact]
    public void Order_in_which_videos_are_named_makes_no_difference() => ForSeeds(random =>
    {
        Space space = new(random);
        for (int i = 0; i < space.Claims.Length; i++)
            space.Claims[i].Size = i + 1;
        LineBudget budget = space.Budget(mayPause: random.Next(2) == 0);
        VideoClaim[] shuffled = [.. space.Claims];
        random.Shuffle(shuffled);
        LayerAllocator.Choose(space.Claims, space.Rungs, budget);
        LayerAllocator.Choose(shuffled, space.Rungs, budget);

        Assert.Equal(space.Claims.Select(claim => (claim.Index, claim.Chosen)), shuffled.Select(claim => (claim.Index, claim.Chosen)));
    });

    [Fact]
    public void Of_two_videos_alike_the_more_important_one_never_gets_less() => ForSeeds(random =>
    {
        Space space = new(random, videos: random.Next(2, 12));
        ref VideoClaim first = ref space.Claims[0], second = ref space.Claims[1];
        (second.First, second.Count) = (first.First, first.Count);
        (second.Current, second.Ceiling) = (first.Current, first.Ceiling);
        second.Class = first.Class + 1;
        int more = second.Index, less = first.Index;
        LayerAllocator.Choose(space.Claims, space.Rungs, space.Budget(mayPause: true));

        Assert.True(space.ChosenOf(more) >= space.ChosenOf(less));
    });

    [Fact]
    public void Equal_videos_are_raised_in_turns() => ForSeeds(random =>
    {
        int count = random.Next(2, 10);
        Space space = new(random, count);
        for (int i = 0; i < count; i++)
        {
            ref VideoClaim claim = ref space.Claims[i];
            claim = space.Claims[0] with { Index = i, Size = count - i, Current = LayerAllocator.None, Ceiling = LayerLadder.MaxRungs };
        }
        // Each step dearer than the one before.
        for (int rung = 0; rung < space.Claims[0].Count; rung++)
            space.Rungs[rung] = new LayerRung(MaxLayers.All, 10_000 << rung, 10_000 << rung);
        LayerAllocator.Choose(space.Claims, space.Rungs, space.Budget(mayPause: true));
        int[] sent = [.. space.Claims.Select(claim => claim.Chosen).Where(chosen => chosen >= 0)];

        if (sent.Length > 0)
            Assert.InRange(sent.Max() - sent.Min(), 0, 1);
    });

    [Fact]
    public void What_is_chosen_once_is_chosen_again() => ForSeeds(random =>
    {
        Space space = new(random);
        foreach (ref LayerRung rung in space.Rungs.AsSpan())
            rung = rung with { Mean = rung.Peak };
        LineBudget budget = space.Budget(mayPause: true);
        LayerAllocator.Choose(space.Claims, space.Rungs, budget);
        for (int times = 0; times < 3; times++)
        {
            (int Index, int Chosen)[] before = [.. space.Claims.Select(claim => (claim.Index, claim.Chosen))];
            foreach (ref VideoClaim claim in space.Claims.AsSpan())
                claim.Current = claim.Chosen;
            LayerAllocator.Choose(space.Claims, space.Rungs, budget);
            Assert.All(before, one => Assert.Equal(one.Chosen, space.ChosenOf(one.Index)));
        }
    });

    [Fact]
    public void Nothing_is_left_out_where_that_is_not_allowed() => ForSeeds(random =>
    {
        Space space = new(random);
        LayerAllocator.Choose(space.Claims, space.Rungs, new LineBudget(0, long.MinValue, MayPause: false));
        Assert.All(space.Claims, claim => Assert.Equal(claim.Count == 0 ? LayerAllocator.None : 0, claim.Chosen));
    });

    [Fact]
    public void Important_videos_have_their_wish_before_others_have_more_than_their_lowest_layer()
    {
        // A screen and three cameras of 100, 300 and 900 each.
        LayerRung[] rungs = [Rung(100), Rung(300), Rung(900)];
        VideoClaim[] claims = [.. Enumerable.Range(0, 4).Select(i => new VideoClaim
            { Index = i, Class = i == 2 ? 4 : 1, Count = 3, Current = LayerAllocator.None, Ceiling = 2 })];

        Assert.Equal([0, LayerAllocator.None, 0, LayerAllocator.None], Chosen(200));
        Assert.Equal([0, 0, 0, 0], Chosen(400));
        Assert.Equal([0, 0, 1, 0], Chosen(700));
        Assert.Equal([0, 0, 2, 0], Chosen(1200));
        Assert.Equal([1, 1, 2, 0], Chosen(1600));
        Assert.Equal([2, 2, 2, 2], Chosen(3600));

        int[] Chosen(long budget)
        {
            LayerAllocator.Choose(claims, rungs, new LineBudget(budget, budget, MayPause: true));
            return [.. claims.OrderBy(claim => claim.Index).Select(claim => claim.Chosen)];
        }
    }

    private static LayerRung Rung(long rate) => new(MaxLayers.All, rate, rate);

    private static void ForSeeds(Action<Random> run)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            try
            {
                run(new Random(seed));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }

    /// <summary>Random videos with random steps.</summary>
    private sealed class Space
    {
        private readonly Random _random;

        public Space(Random random, int? videos = null)
        {
            _random = random;
            List<LayerRung> rungs = [];
            Claims = new VideoClaim[videos ?? random.Next(1, 26)];
            for (int i = 0; i < Claims.Length; i++)
            {
                int count = videos is null ? random.Next(0, 10) : random.Next(1, 10), current = random.Next(-1, count);
                Claims[i] = new VideoClaim
                {
                    Index = i,
                    Class = random.Next(3),
                    Size = random.Next(3),
                    First = rungs.Count,
                    Count = count,
                    Current = current,
                    Ceiling = random.Next(current, count),
                };
                long rate = 0, mean = 0;
                for (int rung = 0; rung < count; rung++)
                {
                    rate += random.Next(1, 500_000);
                    mean = Math.Max(mean, rate * random.Next(50, 101) / 100);
                    rungs.Add(new LayerRung(new MaxLayers(false, rung, 0), mean, rate));
                }
            }
            Rungs = [.. rungs];
        }

        public VideoClaim[] Claims { get; }

        public LayerRung[] Rungs { get; }

        public LineBudget Budget(bool mayPause)
        {
            long staying = _random.NextInt64(0, 10_000_000);
            return new LineBudget(staying, _random.Next(4) == 0 ? long.MinValue : staying * 10 / 11, mayPause);
        }

        public int ChosenOf(int index) => Claims.Single(claim => claim.Index == index).Chosen;
    }
}
