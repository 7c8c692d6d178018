using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding;

[Collection(AllocationCollection.Name)]
public sealed class PacketHistoryTests
{
    private readonly PacketHistory _history = new();
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1_000_000);
    private ExtendedSequence _newest = new(70_000);

    [Fact]
    public void Stored_packet_comes_back_byte_for_byte()
    {
        _history.Store(new ExtendedSequence(70_000), [1, 2, 3], _now);

        Assert.True(_history.TryGet(new ExtendedSequence(70_000), out ReadOnlySpan<byte> packet));
        Assert.Equal([1, 2, 3], packet.ToArray());
    }

    /// <summary>Bits a second, and bytes a packet.</summary>
    [Theory]
    [InlineData(30_000, 120)]
    [InlineData(150_000, 900)]
    [InlineData(1_700_000, 1_200)]
    [InlineData(10_000_000, 1_200)]
    public void Every_packet_of_the_retention_is_there_whatever_the_bitrate(int bitrate, int length)
    {
        for (int i = 0; i < 10; i++)
        {
            Send(bitrate, length, seconds: 1.1);
            int retained = (int)(PacketHistory.Retention.TotalSeconds * bitrate / (8 * length)) - 1;
            for (int age = 0; age < Math.Min(retained, _newest.Value - 70_000); age++)
                AssertIsThere(_newest - age);
        }
    }

    [Fact]
    public void Memory_follows_the_bitrate()
    {
        Send(bitrate: 150_000, length: 900, seconds: 20);
        Assert.InRange(_history.AllocatedBytes, 1, 64 * 1024);

        Send(bitrate: 1_700_000, length: 1_200, seconds: 20);
        Assert.InRange(_history.AllocatedBytes, 300 * 1024, 400 * 1024);

        Send(bitrate: 150_000, length: 900, seconds: 10);
        Assert.InRange(_history.AllocatedBytes, 1, 64 * 1024);
    }

    [Fact]
    public void Memory_has_a_limit()
    {
        Send(bitrate: 100_000_000, length: 1_200, seconds: 5);

        Assert.InRange(_history.AllocatedBytes, PacketHistory.MaxBytes, PacketHistory.MaxBytes + (64 * 1024));
        AssertIsThere(_newest);
        AssertIsThere(_newest - 1_000);
        Assert.False(_history.TryGet(_newest - PacketHistory.MaxPackets, out _));
    }

    [Fact]
    public void Storing_allocates_nothing_once_the_bitrate_is_known()
    {
        byte[] packet = new byte[1_200];
        Send(bitrate: 2_500_000, length: packet.Length, seconds: 5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Send(bitrate: 2_500_000, packet, seconds: 20);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Burst_is_kept_whole_beside_what_came_before_it()
    {
        Send(bitrate: 500_000, length: 1_200, seconds: 5);
        ExtendedSequence first = _newest - 20;
        Send(bitrate: 20_000_000, length: 1_200, seconds: 0.3);

        for (ExtendedSequence sequence = first; sequence <= _newest; sequence += 1)
            AssertIsThere(sequence);
    }

    [Fact]
    public void Packet_whose_block_is_used_again_is_gone()
    {
        Send(bitrate: 1_700_000, length: 1_200, seconds: 3);
        ExtendedSequence old = _newest;
        Send(bitrate: 1_700_000, length: 1_200, seconds: 5);

        Assert.False(_history.TryGet(old, out _));
    }

    [Fact]
    public void Late_packet_is_kept_and_does_not_displace_a_newer_one()
    {
        Send(bitrate: 1_700_000, length: 1_200, seconds: 2);
        AssertLateOneIsKept();

        _history.Store(_newest - PacketHistory.MaxPackets, [1], _now);
        AssertIsThere(_newest);
    }

    /// <summary>A late packet's slot in the index would belong to a newer packet if the index had no more slots.</summary>
    [Fact]
    public void Late_packet_among_the_first_is_kept()
    {
        Send(bitrate: 10_000_000, length: 1_200, seconds: 0.005);
        AssertLateOneIsKept();
    }

    [Fact]
    public void Packet_longer_than_a_datagram_is_not_kept()
    {
        _history.Store(new ExtendedSequence(1), new byte[1501], _now);

        Assert.False(_history.TryGet(new ExtendedSequence(1), out _));
    }

    [Fact]
    public void What_nobody_is_sent_is_kept_for_half_a_second()
    {
        Send(bitrate: 1_700_000, length: 1_200, seconds: 3);
        for (int i = 0; i < 2_000; i++)
        {
            _now += TimeSpan.FromMilliseconds(5);
            _newest += 1;
            _history.Store(_newest, Packet(_newest, 1_200), _now, isSent: false);
        }

        for (int age = 0; age * 5 < PacketHistory.UnsentRetention.TotalMilliseconds; age++)
            AssertIsThere(_newest - age);
        Assert.InRange(_history.AllocatedBytes, 1, 170 * 1024);
    }

    private void Send(int bitrate, int length, double seconds)
    {
        MonotonicTime end = _now + TimeSpan.FromSeconds(seconds);
        var distance = TimeSpan.FromSeconds(8.0 * length / bitrate);
        for (; _now < end; _now += distance)
        {
            _newest += 1;
            _history.Store(_newest, Packet(_newest, length), _now);
        }
    }

    private void Send(int bitrate, byte[] packet, double seconds)
    {
        MonotonicTime end = _now + TimeSpan.FromSeconds(seconds);
        var distance = TimeSpan.FromSeconds(8.0 * packet.Length / bitrate);
        for (; _now < end; _now += distance)
        {
            _newest += 1;
            _history.Store(_newest, packet, _now);
        }
    }

    private void AssertLateOneIsKept()
    {
        ExtendedSequence missing = _newest + 1;
        _newest += 1;
        Send(bitrate: 10_000_000, length: 1_200, seconds: 0.5);
        _history.Store(missing, Packet(missing, 500), _now);
        AssertIsThere(missing);
    }

    private void AssertIsThere(ExtendedSequence sequence)
    {
        Assert.True(_history.TryGet(sequence, out ReadOnlySpan<byte> packet), $"{_newest - sequence} before the newest is gone.");
        Assert.Equal(sequence.Value, BitConverter.ToInt64(packet));
    }

    private static byte[] Packet(ExtendedSequence sequence, int length)
    {
        byte[] packet = new byte[length];
        BitConverter.TryWriteBytes(packet, sequence.Value);
        return packet;
    }
}
