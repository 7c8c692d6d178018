using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Bandwidth;

/// <summary>
/// A run of packets that together are sent at a rate for a short time: media, and filler for what is missing. What feedback says of them
/// shows whether the path carries that rate: the time that each byte took to arrive, beside the time that each took to be sent.
/// </summary>
internal sealed class ProbeCluster
{
    private const int PacketBytes = 1200;

    /// <summary>Stretch that a path is never blamed for, but that its rate is counted down by.</summary>
    private const double Tolerance = 0.1;

    /// <summary>Standard errors by which a stretch has to be too large: what is called full is not tried for seconds.</summary>
    private const double DoubtAbove = 3;

    /// <summary>Part by which it arrives faster when packets have come in bunches, so that it says nothing.</summary>
    private const double LeastStretch = 0.4;

    /// <summary>Part of the time of arrival that one gap may take.</summary>
    private const double LongestGapPart = 0.5;

    /// <summary>Part of the packets that only a full path loses.</summary>
    private const double LossOfFullPath = 0.15;

    private const int LeastPackets = 5;

    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(20);

    private MonotonicTime _start;
    private MonotonicTime _lastSent;
    private MonotonicTime _lastDue;
    private long _sentBytes;
    private long _lastBytes;
    private int _sentPackets;
    private int _received;
    private int _lost;
    private long _firstArrival;
    private long _lastArrival;
    private long _longestGap;
    private Fit _sendTimes;
    private Fit _arrivals;

    /// <summary>Number that its packets bear; 0 before the first.</summary>
    public byte Number { get; private set; }

    /// <summary>Rate at which everything is sent, bits per second.</summary>
    public double Rate { get; private set; }

    public TimeSpan Length { get; private set; }

    /// <summary>True while packets belong to it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True from its first packet until its results are there.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Bytes of filler that were sent.</summary>
    public long FillerBytes { get; private set; }

    /// <summary>Time of its last packet.</summary>
    public MonotonicTime LastSent => _lastSent;

    /// <summary>True once feedback has spoken of all of its packets.</summary>
    public bool IsComplete => !IsOpen && _received + _lost >= _sentPackets;

    /// <summary>Bytes that are due at once: an eighth of the probe, so that a slow one has enough packets too.</summary>
    private double Quantum => Math.Clamp(Rate / 8 * Length.TotalSeconds / 8, 200, PacketBytes);

    public void Begin(double rate, TimeSpan length, MonotonicTime now)
    {
        Number = Number == byte.MaxValue ? (byte)1 : (byte)(Number + 1);
        (Rate, Length, IsOpen, IsPending) = (rate, length, true, true);
        (_start, _lastSent, _lastDue) = (now, now, now);
        (_sentBytes, _lastBytes, _sentPackets, _received, _lost, FillerBytes) = (0, 0, 0, 0, 0, 0);
        (_sendTimes, _arrivals, _longestGap) = (default, default, 0);
    }

    /// <summary>Notes a packet that is sent while it is open.</summary>
    public void OnSent(int bytes, MonotonicTime now)
    {
        if (_sentPackets == 0)
            _start = now;
        _sentPackets++;
        _sentBytes += bytes;
        _lastBytes = bytes;
        _lastSent = now;
    }

    /// <summary>Bytes of filler that are due; a worker that was late does not send them all at once.</summary>
    public int FillerDue(MonotonicTime now)
    {
        if (now - _lastDue > LongestGap)
            _start += now - _lastDue - LongestGap;
        _lastDue = now;
        double due = Rate / 8 * (now - _start).TotalSeconds + Quantum - _sentBytes;
        return due < Quantum / 2 ? 0 : (int)Math.Min(due, 4 * PacketBytes);
    }

    /// <summary>Time at which a packet of filler is due next.</summary>
    public MonotonicTime NextDue(MonotonicTime now)
    {
        MonotonicTime next = _start + TimeSpan.FromSeconds((_sentBytes - Quantum / 2) * 8 / Rate);
        return MonotonicTime.Max(next, now + TimeSpan.FromMilliseconds(1));
    }

    public void OnFiller(int bytes) => FillerBytes += bytes;

    /// <summary>True when it has been open for its length, and has its packets.</summary>
    public bool IsOver(MonotonicTime now) => now - _start >= Length && (_sentPackets > LeastPackets || now - _start >= 2 * Length);

    public void Close() => IsOpen = false;

    /// <summary>Gives it up: nothing is to be learned from it any more.</summary>
    public void Abort() => IsOpen = IsPending = false;

    /// <summary>Notes what feedback says of one of its packets.</summary>
    public void OnResult(in PacketResult packet)
    {
        if (!packet.IsReceived)
        {
            _lost++;
            return;
        }
        long arrival = Math.Clamp(packet.Arrival.Ticks, -ArrivalWindow.Bound, ArrivalWindow.Bound);
        if (_received++ == 0)
            _firstArrival = _lastArrival = arrival;
        _longestGap = Math.Max(_longestGap, arrival - _lastArrival);
        _lastArrival = Math.Max(_lastArrival, arrival);
        // The last bit of a packet arrives when all before it have, and its first is sent when all before it are.
        _sendTimes.Add(packet.Sent.Ticks, packet.Bytes, isBefore: true);
        _arrivals.Add(arrival, packet.Bytes, isBefore: false);
    }

    /// <summary>
    /// True when most of the time in which it arrived was one gap: the receiver got no processor. What a full path holds back arrives
    /// evenly.
    /// </summary>
    private bool IsStalled => _longestGap > LongestGapPart * (_lastArrival - _firstArrival) && _longestGap > LongestGap.Ticks;

    /// <summary>Draws the conclusion.</summary>
    /// <param name="inherentLoss">Part of the packets that the path loses whatever is sent.</param>
    /// <param name="fullStretch">Part of its time by which it arrives later than it was sent when the path is full.</param>
    /// <param name="isLast">True when a longer probe is not to be had, so that the likelier verdict holds.</param>
    public ProbeOutcome Conclude(double inherentLoss, double fullStretch, bool isLast)
    {
        IsOpen = IsPending = false;
        TimeSpan elapsed = _lastSent - _start;
        if (_received < LeastPackets || _received + _lost < 0.8 * _sentPackets || elapsed < TimeSpan.FromMilliseconds(5))
            return new ProbeOutcome(ProbeVerdict.Unknown, 0);
        double sentSlope = _sendTimes.Slope, slope = _arrivals.Slope;
        if (sentSlope <= 0 || slope < (1 - LeastStretch) * sentSlope || IsStalled)
            return new ProbeOutcome(ProbeVerdict.Unknown, 0);
        double stretch = slope / sentSlope - 1, error = _arrivals.Error / sentSlope;
        double sent = Math.Min((_sentBytes - _lastBytes) * 8 / elapsed.TotalSeconds, Rate);
        double lost = Math.Max(0, ((double)_lost / (_received + _lost) - inherentLoss) / (1 - inherentLoss));
        bool isLossy = lost > LossOfFullPath;
        // What may be scatter is not counted against the path.
        double carried = sent / (1 + Math.Max(0, stretch - Math.Min(error, Tolerance))) * (isLossy ? 1 - lost : 1);
        if (!isLossy && !isLast && stretch - fullStretch < DoubtAbove * error && fullStretch - stretch < error)
            return new ProbeOutcome(ProbeVerdict.Unclear, 0.9 * carried, error);
        return !isLossy && stretch < fullStretch
            ? new ProbeOutcome(ProbeVerdict.Carried, Math.Min(sent, carried * (1 + fullStretch - Tolerance)))
            : new ProbeOutcome(ProbeVerdict.Full, 0.95 * carried);
    }

    /// <summary>The straight line of least squares through the times of packets over the bytes that went before.</summary>
    private struct Fit
    {
        private int _count;
        private long _first;
        private double _bytes;
        private double _sumX;
        private double _sumY;
        private double _sumXx;
        private double _sumXy;
        private double _sumYy;

        public void Add(long time, int bytes, bool isBefore)
        {
            if (_count == 0)
                _first = time;
            _bytes += isBefore ? 0 : bytes;
            double x = _bytes, y = time - _first;
            _bytes += isBefore ? bytes : 0;
            _count++;
            _sumX += x;
            _sumY += y;
            _sumXx += x * x;
            _sumXy += x * y;
            _sumYy += y * y;
        }

        /// <summary>Time for each byte.</summary>
        public readonly double Slope => Spread > 0 ? Products / Spread : 0;

        /// <summary>Standard error of the slope.</summary>
        public readonly double Error
        {
            get
            {
                double residual = _sumYy - _sumY * _sumY / _count - Slope * Products;
                return Spread > 0 ? Math.Sqrt(Math.Max(0, residual) / Math.Max(1, _count - 2) / Spread) : double.PositiveInfinity;
            }
        }

        private readonly double Spread => _sumXx - _sumX * _sumX / _count;

        private readonly double Products => _sumXy - _sumX * _sumY / _count;
    }
}
