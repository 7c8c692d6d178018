using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Data;
using MediaGateway.Testing.Data;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.Data;

[Collection(AllocationCollection.Name)]
public sealed class ReliableHistoryTests
{
    private readonly ReliableHistory _history = new();
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(5000);

    [Fact]
    public void Packets_after_a_number_are_replayed_in_order()
    {
        Add(1, 2, 3, 7);

        Assert.Equal([3, 7], Since(2));
        Assert.Equal([7], Since(5));
        Assert.Equal([1, 2, 3, 7], Since(0));
        Assert.Empty(Since(7));
    }

    [Fact]
    public void Packet_sent_again_is_refused()
    {
        Add(1, 2, 3);

        Assert.False(_history.TryAdd(3, [9], _now));
        Assert.False(_history.TryAdd(1, [9], _now));
        Assert.Equal(3u, _history.LastSequence);
        Assert.Equal([1, 2, 3], Since(0));
    }

    [Fact]
    public void Packet_without_number_is_taken_every_time_and_not_kept()
    {
        Add(1);

        Assert.True(_history.TryAdd(0, [9], _now));
        Assert.True(_history.TryAdd(0, [9], _now));
        Assert.Equal([1], Since(0));
    }

    [Fact]
    public void Old_packets_are_forgotten_but_not_their_numbers()
    {
        Add(1);
        _now += TimeSpan.FromSeconds(20);
        Add(2);
        _now += TimeSpan.FromSeconds(11);
        Assert.Equal([2], Since(0));
        _now += TimeSpan.FromSeconds(30);

        Assert.Empty(Since(0));
        Assert.False(_history.TryAdd(2, [9], _now));
    }

    [Fact]
    public void Number_of_packets_is_bounded()
    {
        for (uint i = 1; i <= ReliableHistory.MaxPackets + 10; i++)
            Add(i);

        Assert.Equal(ReliableHistory.MaxPackets, _history.Count);
        Assert.Equal(11, Since(0)[0]);
    }

    [Fact]
    public void Bytes_are_bounded()
    {
        byte[] packet = new byte[DataPacketView.MaxLength];
        for (uint i = 1; i <= 5; i++)
        {
            packet[0] = (byte)i;
            Assert.True(_history.TryAdd(i, packet, _now));
        }

        Assert.Equal([2, 3, 4, 5], Since(0));
    }

    [Fact]
    public void Packet_longer_than_the_history_pushes_nothing_out()
    {
        Add(1);

        Assert.True(_history.TryAdd(2, new byte[ReliableHistory.MaxBytes + 1], _now));
        Assert.Equal([1], Since(0));
        Assert.Equal(2u, _history.LastSequence);
    }

    [Fact]
    public void Empty_packet_is_taken_and_not_kept()
    {
        Assert.True(_history.TryAdd(1, [], _now));
        Add(2, 3);

        Assert.Equal([2, 3], Since(0));
        Assert.False(_history.TryAdd(1, [], _now));
    }

    [Fact]
    public void Steady_stream_allocates_nothing()
    {
        byte[] packet = new byte[1200];
        uint sequence = 0;
        Send(3000);

        Assert.Equal(0, AllocatedBytes.LeastOf(() => Send(1000)));

        void Send(int count)
        {
            for (int i = 0; i < count; i++)
                _history.TryAdd(++sequence, packet, _now += TimeSpan.FromMilliseconds(10));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_of_operations_does_what_a_list_would_do(int seed)
    {
        var random = new Random(seed);
        byte[] script = new byte[3000 * ReliableHistoryModel.OperationLength];
        random.NextBytes(script);
        for (int i = 0; i < script.Length; i += ReliableHistoryModel.OperationLength)
        {
            // Mostly short times, so that the bounds on packets and bytes are met too.
            if (script[i] % 8 == 0)
                script[i + 2] = (byte)(random.Next(20) == 0 ? random.Next(256) : 0);
            // With short packets for a while, the bound on packets comes first.
            if (script[i] % 8 > 2 && seed == 2)
                script[i + 2] &= 1;
        }

        ReliableHistoryModel.Play(script);
    }

    private void Add(params ReadOnlySpan<uint> sequences)
    {
        foreach (uint sequence in sequences)
            Assert.True(_history.TryAdd(sequence, [(byte)sequence], _now));
    }

    /// <summary>The first byte of each.</summary>
    private List<int> Since(uint sequence)
    {
        List<int> packets = [];
        foreach (ReadOnlySpan<byte> packet in _history.Since(sequence, _now))
            packets.Add(packet[0]);
        return packets;
    }
}
