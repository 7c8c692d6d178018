using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Streams;

namespace MediaGateway.Rtc.Tests.Streams;

public sealed class NackGeneratorTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(1000);

    private readonly NackGenerator _nack = new();

    [Fact]
    public void Gap_after_the_reorder_tolerance_is_asked_for_in_ascending_order()
    {
        Receive(Start, 10, 14);

        Assert.Empty(Collect(Start));
        Assert.Equal([11, 12, 13], Collect(Start + Milliseconds(5)));
    }

    [Fact]
    public void Packet_that_was_only_reordered_is_never_asked_for()
    {
        Receive(Start, 10, 12);
        Receive(Start + Milliseconds(2), 11);

        Assert.Empty(Collect(Start + Milliseconds(50)));
        Assert.True(_nack.NextDeadline.IsNever);
    }

    [Fact]
    public void Missing_packet_is_asked_for_again_but_not_before_a_round_trip()
    {
        Receive(Start, 10, 12);
        Assert.Equal([11], Collect(Start + Milliseconds(5)));

        Assert.Empty(Collect(Start + Milliseconds(25)));
        Assert.Equal([11], Collect(Start + Milliseconds(200)));
    }

    [Fact]
    public void Missing_packet_is_given_up_after_a_second()
    {
        Receive(Start, 10, 12);

        Assert.Empty(Collect(Start + Milliseconds(1001)));
        Assert.Equal(0, _nack.MissingCount);
        Assert.True(_nack.NextDeadline.IsNever);
    }

    [Fact]
    public void Missing_packet_is_asked_for_at_most_ten_times()
    {
        Receive(Start, 10, 12);
        int asked = 0;
        for (int milliseconds = 0; milliseconds < 1000; milliseconds++)
            asked += Collect(Start + Milliseconds(milliseconds)).Length;

        Assert.InRange(asked, 3, 10);
    }

    [Fact]
    public void Gap_beyond_the_limit_is_not_mended()
    {
        Receive(Start, 10);

        Assert.False(_nack.OnPacket(new ExtendedSequence(11 + NackGenerator.MaxGap + 1), Start));
        Assert.Equal(0, _nack.MissingCount);
        Assert.True(_nack.OnPacket(new ExtendedSequence(11 + NackGenerator.MaxGap + 2), Start));
    }

    [Fact]
    public void Round_trip_follows_the_answers()
    {
        MonotonicTime now = Start;
        long sequence = 100;
        for (int i = 0; i < 60; i++)
        {
            Receive(now, sequence, sequence + 2);
            now += Milliseconds(5);
            Collect(now);
            now += Milliseconds(10);
            Receive(now, sequence + 1);
            sequence += 2;
        }

        Assert.InRange(_nack.RoundTrip.TotalMilliseconds, 9, 12);
    }

    [Fact]
    public void Collect_smaller_span_leaves_the_rest_for_the_next_call()
    {
        Receive(Start, 10, 21);
        Span<SequenceNumber> four = stackalloc SequenceNumber[4];

        Assert.Equal(4, _nack.Collect(four, Start + Milliseconds(5)));
        Assert.Equal(6, Collect(Start + Milliseconds(5)).Length);
    }

    private void Receive(MonotonicTime now, params ReadOnlySpan<long> sequences)
    {
        foreach (long sequence in sequences)
            _nack.OnPacket(new ExtendedSequence(sequence), now);
    }

    private int[] Collect(MonotonicTime now)
    {
        var destination = new SequenceNumber[NackGenerator.MaxGap];
        int count = _nack.Collect(destination, now);
        return [.. destination[..count].Select(number => (int)number.Value)];
    }

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);
}
