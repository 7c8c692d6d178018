using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Forwarding;

namespace MediaGateway.Sfu.Tests.Forwarding;

public sealed class PacketHistoryTests
{
    private readonly PacketHistory _history = new();

    [Fact]
    public void Stored_packet_comes_back_byte_for_byte()
    {
        _history.Store(new ExtendedSequence(70_000), [1, 2, 3]);

        Assert.True(_history.TryGet(new ExtendedSequence(70_000), out ReadOnlySpan<byte> packet));
        Assert.Equal([1, 2, 3], packet.ToArray());
    }

    [Fact]
    public void Packet_older_than_the_capacity_is_gone()
    {
        _history.Store(new ExtendedSequence(1), [1]);
        _history.Store(new ExtendedSequence(1 + PacketHistory.Capacity), [2]);

        Assert.False(_history.TryGet(new ExtendedSequence(1), out _));
        Assert.True(_history.TryGet(new ExtendedSequence(1 + PacketHistory.Capacity), out _));
    }

    [Fact]
    public void Late_packet_does_not_displace_a_newer_one()
    {
        _history.Store(new ExtendedSequence(1 + PacketHistory.Capacity), [2]);
        _history.Store(new ExtendedSequence(1), [1]);

        Assert.True(_history.TryGet(new ExtendedSequence(1 + PacketHistory.Capacity), out _));
    }

    [Fact]
    public void Packet_longer_than_a_datagram_is_not_kept()
    {
        _history.Store(new ExtendedSequence(1), new byte[1501]);

        Assert.False(_history.TryGet(new ExtendedSequence(1), out _));
    }
}
