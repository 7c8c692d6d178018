using MediaGateway.Rtc.Buffers;
using MediaGateway.Sfu.Relay;

namespace MediaGateway.Sfu.Tests.Relay;

public sealed class RelayPortTests
{
    private readonly Wakeup _wakeup = new();
    private readonly RelayPort _near;
    private readonly RelayPort _far;

    public RelayPortTests() => (_near, _far) = RelayPort.Connect(new Wakeup(), _wakeup, capacity: 2048);

    [Fact]
    public void What_has_to_arrive_waits_for_room_and_arrives_in_order()
    {
        for (byte i = 0; i < 200; i++)
            _near.Tell([i, .. new byte[20]]);
        Assert.True(_near.IsBehind);
        List<byte> seen = [];
        for (int round = 0; round < 20; round++)
        {
            _near.Publish();
            seen.AddRange(ReadAll());
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), seen);
        Assert.False(_near.IsBehind);
    }

    [Fact]
    public void Nothing_overtakes_what_has_to_arrive()
    {
        for (byte i = 0; i < 100; i++)
            _near.Tell([i, .. new byte[20]]);
        _near.Publish();
        ReadAll();
        Assert.False(_near.TryReserve(10, out _));
        Assert.False(_near.TryTell([1]));
        for (int round = 0; round < 10; round++)
        {
            _near.Publish();
            ReadAll();
        }

        Assert.True(_near.TryReserve(10, out _));
        Assert.True(_near.TryTell([1]));
    }

    [Fact]
    public void What_waits_is_bounded_and_the_whole_state_is_sent_in_its_place()
    {
        long most = 0;
        for (int i = 0; i < 1_000; i++)
        {
            _near.Tell([1, .. new byte[20]]);
            most = Math.Max(most, _near.WaitingBytes);
        }
        Assert.InRange(most, 4096, 8192);
        Assert.Equal(0, _near.WaitingBytes);
        Assert.True(_near.IsOutOfStep);
        Assert.True(_near.IsBehind);
        Assert.False(_near.TryTell([2]));
        Assert.False(_near.TryReserve(10, out _));
        Assert.False(_near.TryBeginAnew());

        _near.Publish();
        Assert.NotEmpty(ReadAll());
        Assert.True(_near.TryBeginAnew());
        Assert.False(_near.TryBeginAnew());
        // A state that is longer than what may wait waits all the same, and so does as much as ever beside it.
        for (int i = 0; i < 250; i++)
            _near.Tell([(byte)i, .. new byte[20]]);
        _near.EndState();
        for (int i = 250; i < 400; i++)
            _near.Tell([(byte)i, .. new byte[20]]);
        Assert.False(_near.IsOutOfStep);
        List<byte> seen = [];
        for (int round = 0; round < 20; round++)
        {
            _near.Publish();
            seen.AddRange(ReadAll());
        }

        Assert.Equal(Enumerable.Range(0, 400).Select(i => (byte)i), seen);
        Assert.Equal(0, _near.WaitingBytes);
    }

    [Fact]
    public void State_waits_until_the_other_worker_has_made_room()
    {
        while (!_near.IsOutOfStep)
            _near.Tell(new byte[20]);
        _near.Publish();
        Assert.False(_near.TryBeginAnew());
        for (int i = 0; i < 20; i++)
            Assert.True(_far.TryRead(out _));
        _far.Release();
        Assert.False(_near.TryBeginAnew());
        ReadAll();
        Assert.True(_near.TryBeginAnew());
    }

    [Fact]
    public void Packets_leave_room_for_what_has_to_arrive()
    {
        while (_near.TryReserve(40, out _))
            _near.Commit();
        _near.Tell(new byte[20]);
        Assert.False(_near.IsBehind);
    }

    [Fact]
    public void Other_worker_is_woken_once_for_all_that_was_sent()
    {
        _near.Publish();
        Assert.Equal(0, _wakeup.Count);
        _near.Tell([1]);
        _near.Tell([2]);
        _near.Publish();
        _near.Publish();

        Assert.Equal(1, _wakeup.Count);
        Assert.Equal([1, 2], ReadAll());
    }

    private List<byte> ReadAll()
    {
        List<byte> first = [];
        while (_far.TryRead(out ReadOnlySpan<byte> record))
            first.Add(record[0]);
        _far.Release();
        return first;
    }

    private sealed class Wakeup : IWakeup
    {
        public int Count { get; private set; }

        public void Wake() => Count++;
    }
}
