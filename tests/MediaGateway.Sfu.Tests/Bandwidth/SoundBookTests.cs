using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Bandwidth;

namespace MediaGateway.Sfu.Tests.Bandwidth;

public sealed class SoundBookTests
{
    private readonly SoundBook _book = new();

    [Fact]
    public void Sound_that_all_came_in_time_is_neither_lost_nor_late()
    {
        for (int i = 0; i < 50; i++)
            Receive(i, delay: 40);

        Assert.Equal((50, 0, 0, 20.0), (_book.Received, _book.Lost, _book.Late, _book.LongestGap.TotalMilliseconds));
    }

    [Fact]
    public void Numbers_between_that_never_came_are_lost_and_duplicates_count_once()
    {
        foreach (int number in (int[])[10, 11, 13, 13, 17, 12])
            Receive(number, delay: 40);

        Assert.Equal((5, 3), (_book.Received, _book.Lost));
        Assert.Equal(80, _book.LongestGap.TotalMilliseconds);
    }

    [Theory]
    [InlineData(239, 0)]
    [InlineData(240, 1)]
    [InlineData(900, 1)]
    public void Packet_is_late_by_how_far_it_is_behind_the_fastest(int delay, int late)
    {
        Receive(0, delay: 60);
        Receive(1, delay: 40);
        Receive(2, delay);

        Assert.Equal((late, 0), (_book.Late, _book.Lost));
        Assert.Equal([delay - 40], _book.QueueDelays(TimeOf(2), TimeOf(3)));
    }

    private static MonotonicTime TimeOf(int number) => MonotonicTime.FromMilliseconds(1000 + number * 20);

    private void Receive(int number, int delay) =>
        _book.OnPacket(number, TimeOf(number), TimeOf(number) + TimeSpan.FromMilliseconds(delay));
}
