using MediaGateway.Server.Hosting;

namespace MediaGateway.Server.Tests.Hosting;

/// <summary>Tests of when memory is given back: once after many have joined, and never while they do.</summary>
public sealed class AllocationBurstsTests
{
    private readonly AllocationBursts _bursts = new(1_000);
    private long _allocated = 1_000;

    [Fact]
    public void Burst_has_ended_once_after_it_was_calm_for_two_seconds()
    {
        Assert.Equal([false, false, false, true], Pass(AllocationBursts.BurstBytes, AllocationBursts.BurstBytes, 0, 100_000));
        Assert.DoesNotContain(true, Pass(new long[100]));
    }

    [Fact]
    public void Burst_that_goes_on_after_a_pause_has_not_ended_in_it() => Assert.Equal(
        [false, false, false, false, true],
        Pass(AllocationBursts.BurstBytes, 0, AllocationBursts.BurstBytes, 0, 0));

    [Fact]
    public void What_a_quiet_gateway_allocates_is_no_burst() =>
        Assert.DoesNotContain(true, Pass([.. Enumerable.Repeat(AllocationBursts.BurstBytes - 1, 100)]));

    [Fact]
    public void Bursts_close_to_each_other_end_together()
    {
        Assert.Equal([false, false, true], Pass(AllocationBursts.BurstBytes, 0, 0));
        bool[] ended = [.. Enumerable.Range(0, 4).SelectMany(_ => Pass(AllocationBursts.BurstBytes, 0, 0))];

        // The first end that comes when the least interval has passed.
        Assert.Equal(11, Array.IndexOf(ended, true));
    }

    private bool[] Pass(params long[] allocations) => [.. allocations.Select(bytes => _bursts.HasEnded(_allocated += bytes))];
}
