using MediaGateway.Platform.Datapath;

namespace MediaGateway.Platform.Tests.Datapath;

public sealed class WaitCountsTests
{
    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(31, 0)]
    [InlineData(32, 1)]
    [InlineData(63, 1)]
    [InlineData(1_000, 5)]
    [InlineData(1_048_575, 15)]
    [InlineData(1_048_576, 16)]
    [InlineData(60_000_000, 16)]
    public void Wait_is_counted_between_its_bounds(long microseconds, int expected)
    {
        WaitCounts counts = new();

        counts.Count(TimeSpan.FromMicroseconds(microseconds));

        Assert.All(Enumerable.Range(0, WaitCounts.Length), index => Assert.Equal(index == expected ? 1 : 0, counts[index]));
        if (expected < WaitCounts.Bounds.Count)
            Assert.True(microseconds / 1e6 < WaitCounts.Bounds[expected]);
        if (expected > 0)
            Assert.True(microseconds / 1e6 >= WaitCounts.Bounds[expected - 1]);
    }
}
