using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Network;

namespace MediaGateway.Testing.Links;

/// <summary>
/// A bottleneck in one direction: a queue in bytes before a capacity that changes with time. What passes it, hosts' datagrams and
/// cross traffic, does so as a <see cref="LinkFlow"/>. Delay, jitter and loss of the wire behind it are <see cref="LinkConditions"/>.
/// </summary>
public sealed class SimulatedLink
{
    private readonly SimulatedNetwork _network;
    private readonly LinkOptions _options;
    private readonly LinkQueue _queue = new();
    private readonly CoDel? _codel;
    private readonly MonotonicTime _start;
    private readonly List<LinkFlow> _flows = [];
    private bool _isSending;

    public SimulatedLink(SimulatedNetwork network, LinkOptions options)
    {
        _network = network;
        _options = options;
        _start = network.Now;
        _codel = options.IsManaged ? new CoDel(_queue) : null;
    }

    public RateTrace Rate => _options.Rate;

    /// <summary>Time since the link began.</summary>
    public TimeSpan Elapsed => _network.Now - _start;

    public IReadOnlyList<LinkFlow> Flows => _flows;

    /// <summary>Greatest number of bytes that have waited, without the packet that was being sent.</summary>
    public int MostQueuedBytes { get; private set; }

    /// <summary>Bytes that may wait now.</summary>
    public int QueueLimit => _options.QueueBytes ?? Rate.BytesAt(Elapsed, _options.QueueLength);

    /// <summary>Adds somebody whose packets pass the link.</summary>
    public LinkFlow Join(string name)
    {
        var flow = new LinkFlow(this, name);
        _flows.Add(flow);
        return flow;
    }

    internal void Send(LinkFlow flow, int bytes, Action leave)
    {
        if (_isSending && _queue.Bytes + bytes > QueueLimit)
        {
            flow.OnDropped();
            return;
        }
        _queue.Add(new QueuedPacket(flow, bytes, _network.Now, leave));
        if (!_isSending)
            SendNext();
        MostQueuedBytes = Math.Max(MostQueuedBytes, _queue.Bytes);
    }

    private void SendNext()
    {
        QueuedPacket? packet = _codel is null ? _queue.Take() : _codel.Take(_network.Now);
        _isSending = packet is not null;
        if (packet is null || Rate.Finish(Elapsed, packet.Bytes) is not { } end)
            return;
        packet.Flow.OnDequeued(_network.Now - packet.Since);
        _network.At(_start + end, () =>
        {
            packet.Flow.OnSent(packet.Bytes);
            packet.Leave();
            SendNext();
        });
    }
}
