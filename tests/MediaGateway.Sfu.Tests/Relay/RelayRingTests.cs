using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.Tests.Relay;

public sealed class RelayRingTests
{
    private const int Capacity = 1024;

    [Fact]
    public void Records_of_any_length_come_out_as_they_went_in()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var ring = new RelayRing(Capacity);
            var expected = new Queue<byte[]>();
            for (int i = 0; i < 2_000; i++)
            {
                if (random.Next(2) == 0)
                    Write(ring, random, expected);
                else
                    Read(ring, random, expected);
            }
            ring.Publish();
            while (expected.TryDequeue(out byte[]? record))
                Assert.Equal(record, Next(ring));
            Assert.False(ring.TryRead(out _));
        }
    }

    [Fact]
    public void Nothing_is_seen_before_it_is_published()
    {
        var ring = new RelayRing(Capacity);
        Assert.True(ring.TryReserve(8, 0, out Span<byte> record));
        record.Fill(1);
        ring.Commit();

        Assert.False(ring.TryRead(out _));
        Assert.True(ring.Publish());
        Assert.False(ring.Publish());
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1], Next(ring));
    }

    [Fact]
    public void Memory_is_not_used_again_before_it_is_released()
    {
        var ring = new RelayRing(Capacity);
        int written = Fill(ring, 100);
        ring.Publish();
        Assert.True(ring.TryRead(out ReadOnlySpan<byte> borrowed));
        Assert.False(ring.TryReserve(100, 0, out _));
        Assert.Equal(0, borrowed[0]);
        ring.Release();

        Assert.True(ring.TryReserve(100, 0, out _));
        Assert.Equal(Capacity / 104, written);
    }

    [Fact]
    public void Reservation_that_is_not_committed_is_used_again()
    {
        var ring = new RelayRing(Capacity);
        for (int i = 0; i < 100; i++)
            Assert.True(ring.TryReserve(200, 0, out _));
        Assert.True(ring.TryReserve(1, 0, out Span<byte> record));
        record[0] = 7;
        ring.Commit();
        ring.Publish();

        Assert.Equal([7], Next(ring));
        Assert.False(ring.TryRead(out _));
    }

    [Fact]
    public void Spare_room_is_left_and_what_is_too_long_is_refused()
    {
        var ring = new RelayRing(Capacity);
        Assert.False(ring.TryReserve(ring.MaxRecord + 1, 0, out _));
        Assert.True(ring.TryReserve(ring.MaxRecord, 0, out _));
        Assert.False(ring.TryReserve(100, Capacity - 100, out _));
        Assert.True(ring.TryReserve(100, Capacity - 104, out _));
    }

    [Fact]
    public void Longest_record_fits_an_empty_ring_wherever_that_begins()
    {
        var ring = new RelayRing(Capacity);
        for (int i = 0; i < 200; i++)
        {
            Assert.True(ring.TryReserve(ring.MaxRecord, 0, out Span<byte> record));
            record.Fill((byte)i);
            ring.Commit();
            ring.Publish();
            Assert.All(Next(ring), value => Assert.Equal((byte)i, value));
            ring.Release();
            Assert.True(ring.TryReserve((i * 8) % 64 + 1, 0, out _));
            ring.Commit();
            ring.Publish();
            Next(ring);
            ring.Release();
        }
    }

    /// <summary>
    /// Two threads, a ring that wraps every few records, and both sides that stop and go at random: each record comes once, in
    /// order and whole, and what the consumer borrows does not change under it.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_threads_lose_repeat_and_tear_nothing(int seed)
    {
        const int Records = 1_000_000;
        var ring = new RelayRing(Capacity);
        var producer = new Thread(() => Produce(ring, Records, seed)) { IsBackground = true };
        producer.Start();
        var random = new Random(seed + 100);
        long wrong = 0, refused = 0;
        for (int next = 0; next < Records;)
        {
            for (int batch = random.Next(1, 20); batch > 0 && next < Records; batch--)
            {
                if (!ring.TryRead(out ReadOnlySpan<byte> record))
                {
                    refused++;
                    break;
                }
                wrong += IsRecord(record, next) ? 0 : 1;
                next++;
            }
            if (random.Next(4) == 0)
                Thread.SpinWait(random.Next(50));
            ring.Release();
            if (refused % 64 == 63)
                Thread.Yield();
        }

        Assert.True(producer.Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, wrong);
        Assert.False(ring.TryRead(out _));
    }

    private static void Produce(RelayRing ring, int records, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < records; i++)
        {
            Span<byte> record;
            while (!ring.TryReserve(LengthOf(i), 0, out record))
            {
                ring.Publish();
                Thread.Yield();
            }
            for (int k = 0; k < record.Length; k++)
                record[k] = (byte)(i + k);
            ring.Commit();
            if (random.Next(8) == 0)
                ring.Publish();
        }
        ring.Publish();
    }

    private static int LengthOf(int number) => (number * 37 % 120) + 1;

    private static bool IsRecord(ReadOnlySpan<byte> record, int number)
    {
        if (record.Length != LengthOf(number))
            return false;
        for (int k = 0; k < record.Length; k++)
        {
            if (record[k] != (byte)(number + k))
                return false;
        }
        return true;
    }

    private static void Write(RelayRing ring, Random random, Queue<byte[]> expected)
    {
        byte[] record = new byte[random.Next(1, ring.MaxRecord + 1)];
        random.NextBytes(record);
        if (!ring.TryReserve(record.Length, 0, out Span<byte> destination))
            return;
        record.CopyTo(destination);
        if (random.Next(10) == 0)
            return;
        ring.Commit();
        expected.Enqueue(record);
        if (random.Next(2) == 0)
            ring.Publish();
    }

    private static void Read(RelayRing ring, Random random, Queue<byte[]> expected)
    {
        if (ring.TryRead(out ReadOnlySpan<byte> record))
            Assert.Equal(expected.Dequeue(), record.ToArray());
        if (random.Next(2) == 0)
            ring.Release();
    }

    private static int Fill(RelayRing ring, int length)
    {
        int count = 0;
        for (; ring.TryReserve(length, 0, out Span<byte> record); count++)
        {
            record.Fill((byte)count);
            ring.Commit();
        }
        return count;
    }

    private static byte[] Next(RelayRing ring) =>
        ring.TryRead(out ReadOnlySpan<byte> record) ? record.ToArray() : throw new InvalidOperationException("There is no record.");
}
