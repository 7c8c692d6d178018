namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// The queue before the bottleneck, as packets' delays tell: the least delay of the last 100 ms above that of the path. Its threshold
/// widens with the path's jitter, so that no path's habit looks like a queue.
/// </summary>
internal sealed class QueueMonitor
{
    private const double LeastThreshold = 16;
    private const double GreatestThreshold = 120;
    private const double JitterWeight = 1 / 64.0;

    /// <summary>Slots back with which the queue is compared to see whether it grows: 0.26 s.</summary>
    private const int GrowthSlots = 10;

    private readonly ArrivalWindow _arrivals;
    private readonly BaseDelay _base = new();
    private double _jitter;
    private long _packets;
    private long _aboveSince;
    private long _busySince;
    private bool _isAbove;
    private bool _isBusy;

    public QueueMonitor(ArrivalWindow arrivals) => _arrivals = arrivals;

    /// <summary>The queue that stands, ms.</summary>
    public double Queue { get; private set; }

    /// <summary>Growth of the queue in the last quarter of a second, ms.</summary>
    public double Growth { get; private set; }

    /// <summary>Growth of the queue within the last 100 ms, ms: a delay that jumped once does not grow any more.</summary>
    public double Rise { get; private set; }

    /// <summary>Queue from which on the path counts as over-used, ms.</summary>
    public double Threshold => Math.Clamp(LeastThreshold + _jitter, LeastThreshold, GreatestThreshold);

    /// <summary>Mean delay of packets above the queue: what the path, or a receiver that is late to read, adds and takes away.</summary>
    public TimeSpan Jitter => TimeSpan.FromMilliseconds(_jitter);

    public bool IsAbove => _isAbove;

    /// <summary>Time for which the queue has been above its threshold, on the receiver's clock.</summary>
    public TimeSpan Above => _isAbove ? new TimeSpan(_arrivals.Newest - _aboveSince) : TimeSpan.Zero;

    /// <summary>Time for which the bottleneck has had no rest, on the receiver's clock.</summary>
    public TimeSpan Busy => _isBusy ? new TimeSpan(_arrivals.Newest - _busySince) : TimeSpan.Zero;

    /// <summary>Notes a packet that arrived.</summary>
    public void Add(in PacketResult packet)
    {
        long arrival = Math.Clamp(packet.Arrival.Ticks, -ArrivalWindow.Bound, ArrivalWindow.Bound), delay = arrival - packet.Sent.Ticks;
        if (!_arrivals.Add(arrival, delay, packet.Bytes))
        {
            _base.Clear();
            (_isAbove, _isBusy, Queue, Growth) = (false, false, 0, 0);
        }
        _base.Add(arrival, delay);
        double excess = (delay - _base.Ticks) / (double)TimeSpan.TicksPerMillisecond - Queue;
        _packets++;
        _jitter += (Math.Clamp(excess, 0, 2 * GreatestThreshold) - _jitter) * Math.Max(JitterWeight, 1.0 / _packets);
    }

    /// <summary>Looks at the queue after the packets of a feedback were noted.</summary>
    public void Update()
    {
        if (_arrivals.LeastDelay(0, ArrivalWindow.StandingSlots) is not { } least)
            return;
        Queue = MillisecondsAboveBase(least);
        Growth = Queue - MillisecondsAboveBase(_arrivals.LeastDelay(GrowthSlots, ArrivalWindow.StandingSlots) ?? least);
        Rise = _arrivals.LeastDelay(0, 2) is { } last && _arrivals.LeastDelay(2, 3) is { } first
            ? (last - first) / (double)TimeSpan.TicksPerMillisecond : 0;
        bool isAbove = Queue > Threshold, isBusy = Queue > Threshold / 3;
        if (isAbove && !_isAbove)
            _aboveSince = _arrivals.Newest;
        if (isBusy && !_isBusy)
            _busySince = _arrivals.Newest - TimeSpan.FromMilliseconds(80).Ticks;
        (_isAbove, _isBusy) = (isAbove, isBusy);
    }

    /// <summary>The queue that stands is the path's own delay: nothing that we do moves it.</summary>
    public void Rebase()
    {
        if (_arrivals.LeastDelay(0, ArrivalWindow.StandingSlots) is { } least)
            _base.Raise(least);
        Update();
    }

    public void Clear()
    {
        _base.Clear();
        _arrivals.Clear();
        (_isAbove, _isBusy, Queue, Growth, _jitter, _packets) = (false, false, 0, 0, 0, 0);
    }

    private double MillisecondsAboveBase(long delay) => Math.Max(0, delay - _base.Ticks) / (double)TimeSpan.TicksPerMillisecond;
}
