using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Allocation;

public sealed class SheddingPlanTests
{
    private static readonly IEnumerable<int> Levels = Enumerable.Range(0, SheddingPlan.MaxLevel + 1);
    private static readonly IEnumerable<int> Places = Enumerable.Range(0, SheddingPlan.Places);

    public static TheoryData<VideoImportance> Importances => [.. Enum.GetValues<VideoImportance>()];

    [Theory]
    [MemberData(nameof(Importances))]
    public void Level_0_leaves_out_nothing_and_the_last_one_everything(VideoImportance importance)
    {
        Assert.All(Places, place => Assert.Equal(MaxLayers.All, SheddingPlan.LimitOf(0, importance, place)));
        Assert.All(Places, place => Assert.True(SheddingPlan.LimitOf(SheddingPlan.MaxLevel, importance, place).Paused));
    }

    [Theory]
    [MemberData(nameof(Importances))]
    public void Higher_level_leaves_out_all_that_a_lower_one_does(VideoImportance importance) => Assert.All(Levels.Skip(1), level =>
        Assert.All(Places, place =>
        {
            MaxLayers lower = SheddingPlan.LimitOf(level - 1, importance, place), higher = SheddingPlan.LimitOf(level, importance, place);
            Assert.Equal(higher, higher.Within(lower));
        }));

    [Theory]
    [MemberData(nameof(Importances))]
    public void Layers_go_before_anybody_is_paused(VideoImportance importance) => Assert.All(Levels, level =>
    {
        if (Places.Any(place => SheddingPlan.LimitOf(level, importance, place).Paused))
            Assert.All(Places, place => Assert.Equal((0, 0),
                (SheddingPlan.LimitOf(level, importance, place).Spatial, SheddingPlan.LimitOf(level, importance, place).Temporal)));
    });

    [Theory]
    [InlineData(VideoImportance.Thumbnail, VideoImportance.Camera)]
    [InlineData(VideoImportance.Camera, VideoImportance.Speaker)]
    [InlineData(VideoImportance.Program, VideoImportance.Speaker)]
    [InlineData(VideoImportance.Speaker, VideoImportance.Screen)]
    public void Less_important_video_goes_first(VideoImportance less, VideoImportance more)
    {
        Assert.All(Levels, level => Assert.All(Places, place =>
        {
            MaxLayers left = SheddingPlan.LimitOf(level, less, place);
            Assert.Equal(left, left.Within(SheddingPlan.LimitOf(level, more, place)));
        }));
        Assert.True(PausedFrom(less) < PausedFrom(more));
    }

    [Fact]
    public void Screens_are_whole_until_all_cameras_are_paused_for_half_at_least()
    {
        int level = Levels.First(level => SheddingPlan.LimitOf(level, VideoImportance.Screen, 0) != MaxLayers.All) - 1;
        Assert.All([VideoImportance.Thumbnail, VideoImportance.Camera, VideoImportance.Program], importance =>
            Assert.All(Places, place => Assert.True(SheddingPlan.LimitOf(level, importance, place).Paused)));
        Assert.True(
            Places.Count(place => SheddingPlan.LimitOf(level + 3, VideoImportance.Speaker, place).Paused) >= SheddingPlan.Places / 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(100)]
    public void Places_are_taken_evenly_by_every_nth(int n)
    {
        var shedding = new Shedding();
        int[] places = [.. Enumerable.Range(0, 800 * n).Select(_ => shedding.NextPlace()).Where((_, index) => index % n == 0)];
        Assert.All(Places, place => Assert.InRange(places.Count(taken => taken == place), 90, 110));
    }

    private static int PausedFrom(VideoImportance importance) => Levels.First(level => SheddingPlan.LimitOf(level, importance, 0).Paused);
}
