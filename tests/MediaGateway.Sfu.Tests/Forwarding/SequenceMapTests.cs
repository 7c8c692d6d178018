using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding;

public sealed class SequenceMapTests
{
    private const string First = "first";
    private const string Second = "second";

    private readonly SequenceMap<string, int> _map = new(new ExtendedSequence(1000));

    [Fact]
    public void Packets_of_one_source_keep_their_distances()
    {
        Begin(First, 50);

        Assert.Equal(1000, Map(50));
        Assert.Equal(1003, Map(53));
        Assert.Equal(1001, Map(51));
    }

    [Fact]
    public void Packet_before_the_start_is_not_mapped()
    {
        Begin(First, 50);

        Assert.Null(Map(49));
    }

    [Fact]
    public void Dropped_packet_leaves_no_hole()
    {
        Begin(First, 50);
        Map(50);
        Assert.True(Drop(51));

        Assert.Equal(1001, Map(52));
        Assert.Null(Map(51));
    }

    [Fact]
    public void Packets_dropped_in_a_row_leave_no_hole()
    {
        Begin(First, 50);
        Map(50);
        for (int i = 51; i < 60; i++)
            Assert.True(Drop(i));

        Assert.Equal(1001, Map(60));
    }

    [Fact]
    public void Drop_after_a_gap_keeps_the_places_of_the_missing()
    {
        Begin(First, 50);
        Map(50);
        Assert.True(Drop(53));

        Assert.Equal(1003, Map(54));
        Assert.Equal(1001, Map(51));
        Assert.Equal(1002, Map(52));
    }

    [Fact]
    public void Drop_of_a_late_packet_is_refused()
    {
        Begin(First, 50);
        Map(50);
        Map(52);

        Assert.False(Drop(51));
        Assert.Equal(1001, Map(51));
    }

    [Fact]
    public void Reserved_numbers_lie_right_before_the_packet_and_stand_for_none()
    {
        Begin(First, 50);
        Map(50);

        // 51 is missing and keeps its place.
        Assert.Equal(1002, _map.Reserve(new ExtendedSequence(52), 3).Value);
        Assert.Equal(1005, Map(52));
        Assert.Equal(1001, Map(51));
        Assert.Equal((First, 51), Reverse(1001));
        Assert.Null(Reverse(1003));
        Assert.Equal((First, 52), Reverse(1005));
    }

    [Fact]
    public void Next_source_goes_on_where_the_last_ended()
    {
        Begin(First, 50);
        Map(50);
        Map(51);
        Begin(Second, 9000);

        Assert.Equal(1002, Map(9000));
        Assert.Equal((First, 51), Reverse(1001));
        Assert.Equal((Second, 9000), Reverse(1002));
    }

    [Fact]
    public void Number_not_sent_yet_is_not_reversed()
    {
        Begin(First, 50);
        Map(50);

        Assert.Null(Reverse(1001));
        Assert.Null(Reverse(999));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_mapping_reverses_and_no_number_is_used_twice(int seed)
    {
        var random = new Random(seed);
        var used = new Dictionary<long, (string, long)>();
        string source = "0";
        long next = 500;
        _map.Begin(source, 0, new ExtendedSequence(next));
        for (int i = 0; i < 5000; i++)
        {
            int choice = random.Next(100);
            if (choice == 0)
            {
                source = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
                next = random.Next(1, 100_000);
                _map.Begin(source, 0, new ExtendedSequence(next));
            }
            else if (choice < 3)
            {
                Drop(next++);
                continue;
            }
            long incoming = choice < 10 ? next - random.Next(1, 5) : next++;
            if (Map(incoming) is not { } outgoing)
                continue;
            if (!used.TryAdd(outgoing, (source, incoming)))
                Assert.Equal((source, incoming), used[outgoing]);
            Assert.Equal((source, incoming), Reverse(outgoing));
        }
        Assert.True(used.Count > 4000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_happens_the_map_is_that_of_a_table_of_all_packets(int seed)
    {
        var random = new Random(seed);
        var map = new SequenceMap<string, int>(new ExtendedSequence(1000));
        var model = new SequenceTable(1000);
        for (int i = 0; i < 4000; i++)
        {
            if (i == 0 || random.Next(500) == 0)
            {
                long first = random.Next(1, 100_000);
                map.Begin($"{i}", i, new ExtendedSequence(first));
                model.Begin($"{i}", i, first);
                continue;
            }
            long incoming = model.Highest
                + random.Next(100) switch { < 70 => 1, < 80 => random.Next(1, 4), < 95 => -random.Next(0, 40), _ => -random.Next(0, 400) };
            if (random.Next(20) == 0 && map.IsAhead(new ExtendedSequence(incoming)))
            {
                map.Continue(i, new ExtendedSequence(incoming));
                model.Continue(i, incoming);
            }
            if (random.Next(20) == 0 && map.IsAhead(new ExtendedSequence(incoming)))
            {
                int count = random.Next(1, 4);
                Assert.Equal(model.Reserve(incoming, count), map.Reserve(new ExtendedSequence(incoming), count).Value);
            }
            if (random.Next(3) == 0)
            {
                long last = incoming + random.Next(3);
                Assert.Equal(model.TryDrop(incoming, last, i), map.TryDrop(new ExtendedSequence(incoming), new ExtendedSequence(last), i));
                continue;
            }
            bool mapped = map.TryMap(new ExtendedSequence(incoming), out ExtendedSequence outgoing, out int constants);
            AssertSame(model.Map(incoming), mapped ? (outgoing.Value, constants) : null, model.Highest - incoming);
            long number = model.Next - 1 - random.Next(60);
            bool reversed = map.TryReverse(new ExtendedSequence(number), out string? source, out constants, out ExtendedSequence found);
            Assert.Equal(model.Reverse(number), reversed ? (source!, constants, found.Value) : null);
        }
    }

    /// <summary>Asserts that a number older than the remembered runs is forgotten at most, never mapped otherwise.</summary>
    private static void AssertSame((long, int)? expected, (long, int)? actual, long age)
    {
        if (actual is not null || age < SequenceMap<string, int>.MaxRuns / 2)
            Assert.Equal(expected, actual);
    }

    private void Begin(string source, long first) => _map.Begin(source, 0, new ExtendedSequence(first));

    private bool Drop(long incoming) => _map.TryDrop(new ExtendedSequence(incoming), new ExtendedSequence(incoming), 0);

    private long? Map(long incoming) => _map.TryMap(new ExtendedSequence(incoming), out ExtendedSequence outgoing, out _) ? outgoing.Value
        : null;

    private (string, long)? Reverse(long outgoing) =>
        _map.TryReverse(new ExtendedSequence(outgoing), out string? source, out _, out ExtendedSequence incoming)
        ? (source!, incoming.Value) : null;
}
