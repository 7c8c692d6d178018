using MediaGateway.Sfu.Forwarding;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Tests.Media;

/// <summary>Tests of the limits of a subscription: the least is in force, and its cause is the one that is named.</summary>
public sealed class LayerLimitTests
{
    private const int All = int.MaxValue;

    [Theory]
    // Wish, director and overload as spatial layers; -1 stands for a pause.
    [InlineData(All, All, All, All, LimitCause.None)]
    [InlineData(1, All, All, 1, LimitCause.Wish)]
    [InlineData(All, 1, All, 1, LimitCause.Director)]
    [InlineData(All, All, 1, 1, LimitCause.Overload)]
    [InlineData(2, 1, 0, 0, LimitCause.Overload)]
    [InlineData(0, 1, 2, 0, LimitCause.Wish)]
    [InlineData(1, 0, 2, 0, LimitCause.Director)]
    // Of limits alike, the subscriber's own names the cause, and what the application wants comes before what the worker can do.
    [InlineData(1, 1, 1, 1, LimitCause.Wish)]
    [InlineData(All, 1, 1, 1, LimitCause.Director)]
    [InlineData(-1, -1, -1, -1, LimitCause.Wish)]
    [InlineData(All, -1, -1, -1, LimitCause.Director)]
    // A pause weighs more than any layer.
    [InlineData(0, 0, -1, -1, LimitCause.Overload)]
    public void Least_limit_is_in_force_and_named(int wish, int director, int overload, int expected, LimitCause cause)
    {
        LayerLimits limits = new();
        limits.Set(new LayerLimit(Spatial(overload), LimitCause.Overload));
        limits.Set(new LayerLimit(Spatial(wish), LimitCause.Wish));
        limits.Set(new LayerLimit(Spatial(director), LimitCause.Director));

        Assert.Equal(cause, limits.InForce.Cause);
        Assert.Equal(expected < 0, limits.InForce.Value.Paused);
        if (expected >= 0)
            Assert.Equal(expected, limits.InForce.Value.Spatial);
        Assert.Equal(Spatial(wish).Within(Spatial(director)), limits.Demand.Value);
        Assert.Equal(overload < 0 && wish >= 0 && director >= 0, limits.IsShed);
    }

    [Fact]
    public void Layers_of_different_kinds_are_limited_by_different_causes_at_once()
    {
        LayerLimits limits = new();
        limits.Set(new LayerLimit(MaxLayers.All with { Temporal = 0 }, LimitCause.Wish));
        limits.Set(new LayerLimit(MaxLayers.All with { Spatial = 1 }, LimitCause.Director));

        Assert.Equal(new LayerLimit(new MaxLayers(Paused: false, 1, 0), LimitCause.Director), limits.InForce);
        Assert.Equal(new MaxLayers(Paused: false, All, 0), limits.Of(LimitCause.Wish));
    }

    [Fact]
    public void Limit_that_is_set_again_changes_nothing_and_one_that_is_lifted_leaves_the_next()
    {
        LayerLimits limits = new();
        Assert.False(limits.Set(new LayerLimit(MaxLayers.All, LimitCause.Wish)));
        Assert.True(limits.Set(new LayerLimit(Spatial(1), LimitCause.Director)));
        Assert.True(limits.Set(new LayerLimit(MaxLayers.None, LimitCause.Overload)));
        Assert.False(limits.Set(new LayerLimit(MaxLayers.None, LimitCause.Overload)));
        Assert.True(limits.IsShed);
        Assert.True(limits.Set(new LayerLimit(MaxLayers.All, LimitCause.Overload)));
        Assert.Equal(new LayerLimit(Spatial(1), LimitCause.Director), limits.InForce);
        Assert.True(limits.Set(new LayerLimit(MaxLayers.All, LimitCause.Director)));
        Assert.Equal(LayerLimit.None, limits.InForce);
    }

    [Theory]
    // Demand, overload and bandwidth as spatial layers; -1 stands for a pause.
    [InlineData(All, All, 1, LimitCause.Bandwidth, false, false)]
    [InlineData(All, 1, 1, LimitCause.Overload, false, false)]
    [InlineData(1, All, 1, LimitCause.Wish, false, false)]
    [InlineData(All, 1, 0, LimitCause.Bandwidth, false, false)]
    [InlineData(All, All, -1, LimitCause.Bandwidth, false, true)]
    [InlineData(All, -1, 0, LimitCause.Overload, true, true)]
    // What the line would not have carried either is nothing that overload took away.
    [InlineData(All, -1, -1, LimitCause.Overload, false, true)]
    // Whoever asked for nothing is not told of a pause.
    [InlineData(-1, All, -1, LimitCause.Wish, false, false)]
    public void Line_limits_beside_overload_and_wish(
        int wish, int overload, int bandwidth, LimitCause cause, bool isShed, bool isWithheld)
    {
        LayerLimits limits = new();
        limits.Set(new LayerLimit(Spatial(bandwidth), LimitCause.Bandwidth));
        limits.Set(new LayerLimit(Spatial(overload), LimitCause.Overload));
        limits.Set(new LayerLimit(Spatial(wish), LimitCause.Wish));

        Assert.Equal((cause, isShed, isWithheld), (limits.InForce.Cause, limits.IsShed, limits.IsWithheld));
        Assert.Equal(Spatial(wish), limits.Demand.Value);
        Assert.Equal(Spatial(wish).Within(Spatial(bandwidth)), limits.Carried);
    }

    private static MaxLayers Spatial(int layer) => layer < 0 ? MaxLayers.None : MaxLayers.All with { Spatial = layer };
}
