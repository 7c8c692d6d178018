using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Bandwidth;

namespace MediaGateway.Sfu.Tests.Bandwidth;

public sealed class FreezesTests
{
    private readonly Freezes _freezes = new();
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(5000);

    /// <summary>Pictures every 33 ms stand after 183 ms: the mean and 150 ms, which is more than three times the mean.</summary>
    [Theory]
    [InlineData(33, 180, 0)]
    [InlineData(33, 190, 1)]
    [InlineData(33, 2500, 1)]
    [InlineData(100, 290, 0)]
    [InlineData(100, 310, 1)]
    public void Picture_that_is_late_by_the_rule_of_the_W3C_ends_a_freeze(int interval, int gap, int freezes)
    {
        Show(60, interval);
        Show(1, gap);
        Show(60, interval);

        Assert.Equal(freezes, _freezes.Count);
        Assert.Equal(freezes * gap, _freezes.Longest.TotalMilliseconds);
        Assert.Equal(freezes * gap, _freezes.Total.TotalMilliseconds);
    }

    [Fact]
    public void Slower_pictures_are_a_freeze_only_until_the_mean_has_followed()
    {
        Show(60, 33);
        Show(60, 250);

        Assert.InRange(_freezes.Count, 1, 20);
        int before = _freezes.Count;
        Show(60, 250);
        Assert.Equal(before, _freezes.Count);
    }

    [Fact]
    public void Picture_that_never_comes_back_is_a_freeze_until_the_end()
    {
        Show(60, 33);
        _freezes.OnEnd(_now + TimeSpan.FromSeconds(7));

        Assert.Equal((1, 7.0), (_freezes.Count, _freezes.Longest.TotalSeconds));
    }

    [Fact]
    public void Several_freezes_add_up()
    {
        Show(60, 33);
        Show(1, 400);
        Show(60, 33);
        Show(1, 600);
        Show(60, 33);

        Assert.Equal((2, 600.0, 1000.0), (_freezes.Count, _freezes.Longest.TotalMilliseconds, _freezes.Total.TotalMilliseconds));
    }

    private void Show(int pictures, int interval)
    {
        for (int i = 0; i < pictures; i++)
            _freezes.OnPicture(_now += TimeSpan.FromMilliseconds(interval));
    }
}
