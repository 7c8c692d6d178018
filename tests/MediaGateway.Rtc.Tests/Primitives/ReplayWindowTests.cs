using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Tests.Primitives;

public class ReplayWindowTests
{
    [Theory]
    [InlineData(4, 192)]
    [InlineData(32, 1984)]
    public void Size_is_the_ring_without_its_stale_word(int words, int size) => Assert.Equal(size, new ReplayWindow(words, 0).Size);

    [Theory]
    [InlineData(1000, true)] // the first
    [InlineData(1001, false)]
    [InlineData(999, false)]
    [InlineData(809, false)] // the oldest that fits into 192
    [InlineData(808, true)]
    [InlineData(0, true)]
    [InlineData(long.MaxValue, false)]
    public void IsReplay_after_one_index_is_true_for_it_and_for_too_old_ones(long index, bool expected) =>
        Assert.Equal(expected, new ReplayWindow(4, 1000).IsReplay(index));

    [Fact]
    public void IsReplay_does_not_change_the_window()
    {
        var window = new ReplayWindow(4, 10);
        Assert.False(window.IsReplay(5000));
        Assert.Equal(10, window.Highest);
        Assert.False(window.IsReplay(9));
        Assert.False(window.IsReplay(9));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(191)]
    [InlineData(192)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(100_000)]
    public void Add_after_a_jump_leaves_only_the_new_index_and_old_ones_marked(int jump)
    {
        var window = new ReplayWindow(4, 7);
        window.Add(7 + jump);
        Assert.Equal(7 + jump, window.Highest);
        for (long index = Math.Max(0, 7 + jump - 300); index <= 7 + jump; index++)
            Assert.Equal(index == 7 || index == 7 + jump || 7 + jump - index >= 192, window.IsReplay(index));
    }

    [Fact]
    public void Add_of_an_older_index_does_not_lower_the_highest()
    {
        var window = new ReplayWindow(4, 100);
        window.Add(50);
        Assert.Equal(100, window.Highest);
        Assert.True(window.IsReplay(50));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Window_agrees_with_a_set_of_all_that_was_seen(int seed)
    {
        var random = new Random(seed);
        long first = random.Next(3) == 0 ? 0 : random.Next(70_000);
        var window = new ReplayWindow(words: seed % 2 == 0 ? 32 : 4, first);
        var seen = new HashSet<long> { first };
        for (int i = 0; i < 50_000; i++)
        {
            int reach = random.Next(20) == 0 ? 4000 : 100;
            long index = Math.Max(0, window.Highest + random.Next(-reach, reach / 2));
            bool expected = seen.Contains(index) || window.Highest - index >= window.Size;
            Assert.True(expected == window.IsReplay(index), $"seed {seed}, step {i}, index {index}, highest {window.Highest}");
            if (expected || random.Next(8) == 0)
                continue;
            window.Add(index);
            seen.Add(index);
        }
    }
}
