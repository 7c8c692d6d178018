using MediaGateway.Server.Http;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Hosting;

public sealed class CallLimitTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Burst_passes_and_then_the_rate()
    {
        CallLimit<string> limit = new(perSecond: 2, burst: 3, _clock);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => limit.TryTake("one")));
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => limit.TryTake("one")));
    }

    [Fact]
    public void Callers_do_not_spend_each_others_budget()
    {
        CallLimit<string> limit = new(perSecond: 1, burst: 1, _clock);

        Assert.True(limit.TryTake("one"));
        Assert.True(limit.TryTake("two"));
        Assert.False(limit.TryTake("one"));
    }

    [Fact]
    public void Those_who_have_been_idle_are_forgotten_and_those_who_have_not_are_kept()
    {
        CallLimit<int> limit = new(perSecond: 1, burst: 2, _clock);
        for (int caller = 0; caller < CallLimit<int>.MaxCallers - 1; caller++)
            limit.TryTake(caller);
        _clock.Advance(TimeSpan.FromSeconds(1));
        limit.TryTake(-1);
        limit.TryTake(-1);

        Assert.True(limit.TryTake(-2));
        Assert.Equal(2, limit.Callers);
        Assert.False(limit.TryTake(-1));
    }

    [Fact]
    public void Flood_from_ever_new_callers_is_bounded()
    {
        CallLimit<int> limit = new(perSecond: 1, burst: 1, _clock);
        for (int caller = 0; caller < 3 * CallLimit<int>.MaxCallers; caller++)
        {
            Assert.True(limit.TryTake(caller));
            Assert.InRange(limit.Callers, 1, CallLimit<int>.MaxCallers);
        }
    }
}
