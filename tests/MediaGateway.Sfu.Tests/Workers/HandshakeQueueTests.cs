using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Peers;
using MediaGateway.Sfu.Workers;
using MediaGateway.Testing.Primitives;
using MediaGateway.Testing.Workers;

namespace MediaGateway.Sfu.Tests.Workers;

/// <summary>The queue of handshake datagrams against a plain model of it.</summary>
[Collection(AllocationCollection.Name)]
public sealed class HandshakeQueueTests : IDisposable
{
    private const int Peers = 300;

    private readonly SimulatedCall _call = new();
    private readonly HandshakeQueue _queue = new();
    private readonly byte[] _buffer = new byte[HandshakeQueue.MaxDatagram];
    private readonly Peer[] _peers;

    public HandshakeQueueTests() =>
        _peers = [.. Enumerable.Range(1, Peers).Select(i => (Peer)_call.OpenViewer(SimulatedCall.PathOf(i)).Peer)];

    [Theory]
    [InlineData(1, 0.55)]
    [InlineData(2, 0.7)]
    [InlineData(3, 0.9)]
    public void Any_use_is_as_in_the_model(int seed, double adds)
    {
        var random = new Random(seed);
        var waiting = new List<(Peer Peer, Queue<byte[]> Datagrams)>();
        for (int i = 0; i < 20_000; i++)
        {
            Peer peer = _peers[random.Next(Peers)];
            int line = waiting.FindIndex(one => one.Peer == peer);
            double what = random.NextDouble();
            if (what < adds)
            {
                byte[] datagram = [.. BitConverter.GetBytes(i), .. new byte[random.Next(HandshakeQueue.MaxDatagram - 3)]];
                int count = waiting.Sum(one => one.Datagrams.Count);
                bool fits = line < 0 ? count < HandshakeQueue.Capacity : count < HandshakeQueue.SharedCapacity
                    && waiting[line].Datagrams.Count < HandshakeQueue.MaxPerPeer;
                Assert.Equal(fits ? DropReason.None : DropReason.HandshakeQueueFull, _queue.Add(peer, datagram, SimulatedCall.PathOf(i)));
                if (fits && line < 0)
                    waiting.Add((peer, new Queue<byte[]>([datagram])));
                else if (fits)
                    waiting[line].Datagrams.Enqueue(datagram);
            }
            else if (what < 0.99)
            {
                TakeAsInModel(waiting);
            }
            else
            {
                _queue.Remove(peer);
                waiting.RemoveAll(one => one.Peer == peer);
            }
            Assert.Equal(waiting.Sum(one => one.Datagrams.Count), _queue.Count);
        }
        while (waiting.Count > 0)
            TakeAsInModel(waiting);
        Assert.True(_queue.IsEmpty);
        Assert.All(_peers, peer => Assert.True(peer.HandshakeBacklog is { Count: 0, Next: null, Previous: null }));
    }

    [Fact]
    public void Longest_datagram_fits_and_a_longer_one_does_not()
    {
        Assert.Equal(DropReason.None, _queue.Add(_peers[0], new byte[HandshakeQueue.MaxDatagram], SimulatedCall.PathOf(1)));
        Assert.Equal(DropReason.TooLong, _queue.Add(_peers[0], new byte[HandshakeQueue.MaxDatagram + 1], SimulatedCall.PathOf(1)));
    }

    [Fact]
    public void Waiting_allocates_nothing()
    {
        byte[] datagram = new byte[1200];
        Use(datagram);
        Assert.Equal(0, AllocatedBytes.LeastOf(() => Use(datagram)));
        Assert.True(_queue.IsEmpty);
    }

    public void Dispose() => _call.Dispose();

    private void Use(byte[] datagram)
    {
        for (byte i = 0; i < 4; i++)
        {
            datagram[20] = i;
            foreach (Peer peer in _peers)
                _queue.Add(peer, datagram, SimulatedCall.PathOf(1));
        }
        _queue.Remove(_peers[7]);
        while (_queue.TryTake(_buffer, out _, out _, out _))
        {
        }
    }

    private void TakeAsInModel(List<(Peer Peer, Queue<byte[]> Datagrams)> waiting)
    {
        bool any = _queue.TryTake(_buffer, out Peer? taken, out int length, out NetworkPath path);
        Assert.Equal(waiting.Count > 0, any);
        if (!any)
            return;
        (Peer peer, Queue<byte[]> datagrams) = waiting[0];
        waiting.RemoveAt(0);
        byte[] datagram = datagrams.Dequeue();
        if (datagrams.Count > 0)
            waiting.Add((peer, datagrams));
        Assert.Same(peer, taken);
        Assert.True(_buffer.AsSpan(0, length).SequenceEqual(datagram));
        Assert.Equal(SimulatedCall.PathOf(BitConverter.ToInt32(datagram)), path);
    }
}
