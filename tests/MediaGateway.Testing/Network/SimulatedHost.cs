using MediaGateway.Rtc.Buffers;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Links;

namespace MediaGateway.Testing.Network;

/// <summary>
/// A machine on the simulated network: drives an <see cref="IDatapathHandler"/> just as a worker's thread does, and is
/// its <see cref="IDatagramSender"/> and <see cref="IWakeup"/>.
/// </summary>
public sealed class SimulatedHost : IDatagramSender, IWakeup
{
    private readonly SimulatedNetwork _network;
    private readonly MonotonicTime _start;
    private readonly byte[] _slot = new byte[IDatagramSender.MaxDatagram];
    private IDatapathHandler? _handler;
    private SimulatedCore? _core;
    private MonotonicTime _wakeAt = MonotonicTime.Never;
    private bool _isStalled;

    public SimulatedHost(SimulatedNetwork network, TransportAddress address)
    {
        _network = network;
        _start = network.Now;
        Address = address;
        network.Add(this);
    }

    public TransportAddress Address { get; internal set; }

    public MonotonicTime Now => _network.Now;

    /// <summary>Time that the host's own clock shows.</summary>
    public MonotonicTime LocalTime => ClockSpeed == 1 ? _network.Now : _start + (_network.Now - _start) * ClockSpeed;

    /// <summary>Applied to what this host sends, unless the destination has a <see cref="Downlink"/>.</summary>
    public LinkConditions Uplink { get; set; } = LinkConditions.Perfect;

    /// <summary>Applied to what is sent to this host.</summary>
    public LinkConditions? Downlink { get; set; }

    /// <summary>Way through a bottleneck that what this host sends takes before its wire; null where there is none.</summary>
    public LinkFlow? UpstreamFlow { get; set; }

    /// <summary>
    /// Way through a bottleneck that what is sent to this host takes, unless the sender has an <see cref="UpstreamFlow"/>; null where there
    /// is none.
    /// </summary>
    public LinkFlow? DownstreamFlow { get; set; }

    /// <summary>Speed of its clock, 1 for a right one: 1.0005 is fast by 500 ppm. A host whose work takes time has a right one.</summary>
    public double ClockSpeed { get; set; } = 1;

    internal WireState UpWire { get; } = new();

    internal WireState DownWire { get; } = new();

    /// <summary>Takes what this host sends instead of the network; null in ordinary runs.</summary>
    public Action<byte[], int>? Intercept { get; set; }

    /// <summary>Sees each datagram this host sends, and where to.</summary>
    public Action<ReadOnlyMemory<byte>, TransportAddress>? Tap { get; set; }

    /// <summary>True while its thread does not get to run: nothing is received, and no timer fires.</summary>
    public bool IsStalled
    {
        get => _isStalled;
        set
        {
            _isStalled = value;
            Wake();
        }
    }

    /// <summary>Sees each load that the handler is told of.</summary>
    public Action<WorkerLoad>? LoadTap { get; set; }

    /// <summary>Datagrams that found no room to wait in.</summary>
    public long DatagramsLost => _core?.Lost ?? 0;

    public long DatagramsSent { get; private set; }

    public long DatagramsReceived { get; private set; }

    public void Start(IDatapathHandler handler)
    {
        _handler = handler;
        Wake();
    }

    /// <summary>Makes work take time from now on.</summary>
    public void SetCost(WorkCost cost)
    {
        _core ??= new SimulatedCore(_network.Now) { Cost = cost };
        _core.Cost = cost;
    }

    public Span<byte> Reserve() => _slot;

    public void Commit(int length, in NetworkPath path)
    {
        DatagramsSent++;
        Tap?.Invoke(_slot.AsMemory(0, length), path.Remote);
        if (Intercept is { } intercept)
        {
            intercept(_slot, length);
            return;
        }
        _network.Send(this, path.Remote, _slot.AsSpan(0, length));
    }

    public void Wake()
    {
        if (!_isStalled)
            ScheduleTick(_network.Now);
    }

    /// <summary>A datagram arrives, from wherever the caller says: tests inject forged ones here.</summary>
    public void Receive(Span<byte> datagram, TransportAddress source)
    {
        if (_isStalled)
            return;
        DatagramsReceived++;
        if (_core is { } core)
        {
            core.Queue(datagram, source, _network.Now);
            ScheduleTick(MonotonicTime.Max(core.BusyUntil, _network.Now));
            return;
        }
        _handler?.OnDatagram(datagram, new NetworkPath(new EndpointId(0), source), LocalTime);
        Tick();
    }

    private void Tick()
    {
        if (_handler is null || _isStalled)
            return;
        if (_core is { } core)
        {
            Turn(core, _handler);
            return;
        }
        MonotonicTime next = _handler.OnTick(LocalTime);
        if (next.IsNever)
            return;
        next = _network.Now + (next - LocalTime) / ClockSpeed;
        ScheduleTick(next > _network.Now ? next : _network.Now + TimeSpan.FromMilliseconds(1));
    }

    /// <summary>Does one turn as a worker's loop does.</summary>
    private void Turn(SimulatedCore core, IDatapathHandler handler)
    {
        MonotonicTime now = _network.Now;
        if (now < core.BusyUntil)
        {
            ScheduleTick(core.BusyUntil);
            return;
        }
        long sent = DatagramsSent;
        if (core.TryTakeLoad(now, out WorkerLoad load))
        {
            LoadTap?.Invoke(load);
            handler.OnLoad(load, now);
        }
        int received = core.Deliver(handler, now);
        MonotonicTime next = handler.OnTick(now);
        core.Work(received, DatagramsSent - sent, now);
        if (core.HasWork)
            ScheduleTick(core.BusyUntil);
        else if (!next.IsNever)
            ScheduleTick(MonotonicTime.Max(MonotonicTime.Max(next, core.BusyUntil), now + TimeSpan.FromMilliseconds(1)));
    }

    private void ScheduleTick(MonotonicTime time)
    {
        if (_wakeAt > _network.Now && _wakeAt <= time)
            return;
        _wakeAt = time;
        _network.At(time, () =>
        {
            if (_wakeAt == time)
            {
                _wakeAt = MonotonicTime.Never;
                Tick();
            }
        });
    }
}
