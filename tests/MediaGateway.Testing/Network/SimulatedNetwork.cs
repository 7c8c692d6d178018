using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Network;

/// <summary>
/// A network and its clock, in virtual time: datagrams and timers are events in one queue, and time jumps from
/// one to the next. The same seed gives the same run.
/// </summary>
/// <param name="seed">The same seed gives the same run.</param>
/// <param name="start">The time at the start; not zero, so that nothing relies on that.</param>
public sealed class SimulatedNetwork(int seed, MonotonicTime? start = null)
{
    /// <summary>Bytes that IPv4 and UDP add to a datagram.</summary>
    private const int IpHeaderLength = 28;

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (long Ticks, long Order)> _events = new();
    private readonly Dictionary<TransportAddress, SimulatedHost> _hosts = [];
    private long _order;

    /// <summary>The virtual time.</summary>
    public MonotonicTime Now { get; private set; } = start ?? MonotonicTime.FromMilliseconds(1_000_000);

    public long DatagramsLost { get; private set; }

    public void Add(SimulatedHost host) => _hosts[host.Address] = host;

    /// <summary>The host answers at another address from now on: a client changed its network.</summary>
    public void Move(SimulatedHost host, TransportAddress address)
    {
        _hosts.Remove(host.Address);
        host.Address = address;
        _hosts[address] = host;
    }

    /// <summary>Takes the host off the network: nothing reaches it, and nothing of its leaves.</summary>
    public void Remove(SimulatedHost host) => _hosts.Remove(host.Address);

    public void At(MonotonicTime time, Action action) => _events.Enqueue(action, (Math.Max(time.Ticks, Now.Ticks), _order++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs all events up to <paramref name="duration"/> from now.</summary>
    public void Run(TimeSpan duration)
    {
        MonotonicTime end = Now + duration;
        while (_events.TryPeek(out Action? action, out (long Ticks, long Order) priority) && priority.Ticks <= end.Ticks)
        {
            _events.Dequeue();
            Now = new MonotonicTime(priority.Ticks);
            action!();
        }
        Now = end;
    }

    /// <summary>Runs until the condition holds; false when it did not within <paramref name="limit"/>.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        MonotonicTime end = Now + limit;
        while (!condition())
        {
            if (Now >= end)
                return false;
            Run(TimeSpan.FromMilliseconds(1));
        }
        return true;
    }

    internal void Send(SimulatedHost from, TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (!_hosts.ContainsKey(from.Address))
            return;
        _hosts.TryGetValue(to, out SimulatedHost? destination);
        byte[] copy = datagram.ToArray();
        if ((from.UpstreamFlow ?? destination?.DownstreamFlow) is { } flow)
            flow.Send(copy.Length + IpHeaderLength, () => Transmit(from, to, destination, copy));
        else
            Transmit(from, to, destination, copy);
    }

    /// <summary>Puts a datagram on the wire, behind whatever bottleneck there is.</summary>
    private void Transmit(SimulatedHost from, TransportAddress to, SimulatedHost? destination, byte[] datagram)
    {
        TransportAddress source = from.Address;
        (LinkConditions conditions, WireState wire) = destination?.Downlink is { } downlink
            ? (downlink, destination.DownWire) : (from.Uplink, from.UpWire);
        if (wire.Loses(conditions, _random))
        {
            DatagramsLost++;
            return;
        }
        int copies = _random.NextDouble() < conditions.Duplication ? 2 : 1;
        for (int i = 0; i < copies; i++)
            At(wire.Arrival(conditions, _random, Now), () => Deliver(source, to, (byte[])datagram.Clone()));
    }

    private void Deliver(TransportAddress source, TransportAddress to, byte[] datagram)
    {
        if (_hosts.TryGetValue(to, out SimulatedHost? host))
            host.Receive(datagram, source);
    }
}
