using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Media;

namespace MediaGateway.LoadTester.Tests;

public sealed class ReceptionTests
{
    [Theory]
    [InlineData(new long[] { 7, 8, 9 }, 3, 0, 0, 0)]
    [InlineData(new long[] { 0 }, 1, 0, 0, 0)]
    [InlineData(new long[] { 7, 9 }, 2, 1, 0, 0)]
    [InlineData(new long[] { 7, 9, 8 }, 3, 0, 0, 1)]
    [InlineData(new long[] { 7, 7, 8 }, 2, 0, 1, 0)]
    [InlineData(new long[] { 7, 9, 8, 8 }, 3, 0, 1, 1)]
    [InlineData(new long[] { 7, 5_000 }, 2, 4_992, 0, 0)]
    [InlineData(new long[] { 7, 4_102, 4_103, 8 }, 4, 4_093, 0, 1)]
    public void Numbers_that_come_are_told_apart(long[] numbers, long received, long missing, long duplicates, long reordered)
    {
        var reception = new Reception();
        foreach (long number in numbers)
            reception.OnPacket(new ProbeHeader(0, number, 0), isIntact: true);
        Assert.Equal((received, missing, duplicates, reordered), (reception.Received, reception.Missing, reception.Duplicates, reception.Reordered));
    }

    [Fact]
    public void Packet_that_was_changed_is_damaged()
    {
        var reception = new Reception();
        reception.OnPacket(new ProbeHeader(0, 1, 0), isIntact: false);
        Assert.Equal(1, reception.Damaged);
    }

    [Fact]
    public void Packet_from_before_the_first_is_not_counted()
    {
        var reception = new Reception();
        Assert.True(reception.OnPacket(new ProbeHeader(0, 100, 0), isIntact: true));
        Assert.False(reception.OnPacket(new ProbeHeader(0, 99, 0), isIntact: true));
        Assert.Equal((1, 0), (reception.Received, reception.Missing));
    }
}
