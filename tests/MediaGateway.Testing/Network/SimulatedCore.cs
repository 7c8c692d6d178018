using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Network;

/// <summary>The processor of a <see cref="SimulatedHost"/> whose work takes time, and the books that a worker's loop keeps of it.</summary>
internal sealed class SimulatedCore(MonotonicTime now)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(byte[] Datagram, TransportAddress Source, MonotonicTime Arrival)> _waiting = new();
    private MonotonicTime _since = now;
    private TimeSpan _busy;
    private TimeSpan _delay = TimeSpan.MaxValue;
    private long _lost;

    public required WorkCost Cost { get; set; }

    /// <summary>Time until which it does what it has begun.</summary>
    public MonotonicTime BusyUntil { get; private set; } = now;

    public bool HasWork => _waiting.Count > 0;

    public long Lost { get; private set; }

    public void Queue(ReadOnlySpan<byte> datagram, TransportAddress source, MonotonicTime now)
    {
        if (_waiting.Count < Cost.QueueLength)
            _waiting.Enqueue((datagram.ToArray(), source, now));
        else
            Lost++;
    }

    /// <summary>Hands over as many datagrams as a worker takes in before it ticks.</summary>
    /// <returns>How many.</returns>
    public int Deliver(IDatapathHandler handler, MonotonicTime now)
    {
        const int Slice = 16;
        int count = Math.Min(_waiting.Count, Slice);
        for (int i = 0; i < count; i++)
        {
            (byte[] datagram, TransportAddress source, _) = _waiting.Dequeue();
            handler.OnDatagram(datagram, new NetworkPath(new EndpointId(0), source), now);
        }
        return count;
    }

    /// <summary>Takes stock when it is time; all work that was begun has been done by now.</summary>
    public bool TryTakeLoad(MonotonicTime now, out WorkerLoad load)
    {
        load = default;
        TimeSpan delay = HasWork ? now - _waiting.Peek().Arrival : TimeSpan.Zero;
        _delay = delay < _delay ? delay : _delay;
        TimeSpan elapsed = now - _since;
        if (elapsed < Interval)
            return false;
        load = new WorkerLoad(_busy / elapsed, _busy / elapsed, _delay, Lost - _lost);
        (_since, _busy, _delay, _lost) = (now, TimeSpan.Zero, TimeSpan.MaxValue, Lost);
        return true;
    }

    public void Work(int received, long sent, MonotonicTime now)
    {
        TimeSpan work = (Cost.PerReceived * received) + (Cost.PerSent * sent);
        _busy += work;
        BusyUntil = now + work;
    }
}
