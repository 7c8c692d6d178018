using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Forwarding;

/// <summary>
/// Meter of what the layers of one encoding cost a receiver's line: for each spatial and temporal layer its own rate on the wire, as a
/// mean of some seconds and as their peak. Key frames are a burst and no rate, so they are counted apart, unless the encoder makes them
/// at even intervals. Allocates only when a layer is seen for the first time.
/// </summary>
public sealed class LayerMeter
{
    /// <summary>Number of spatial layers that are measured; what is above counts as the highest of them.</summary>
    public const int MaxSpatial = 4;

    /// <summary>Number of temporal layers that are measured; what is above counts as the highest of them.</summary>
    public const int MaxTemporal = 4;

    /// <summary>Bytes around a packet on the wire: 16 of SRTP, 8 of UDP, 20 of IPv4.</summary>
    public const int PacketOverhead = 44;

    /// <summary>Number of even intervals between key frames after which the encoder counts as one that makes them by itself.</summary>
    private const int EvenIntervals = 2;
    private const int MostEvenIntervals = 4;
    private const double IntervalTolerance = 0.25;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MeanTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan PeakTime = TimeSpan.FromSeconds(5);

    /// <summary>Length of a window from which on the encoding was silent, so that the window says nothing of its rate.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>Length of a window from which on the next one also has what was held up meanwhile.</summary>
    private static readonly TimeSpan LongWindow = TimeSpan.FromMilliseconds(750);

    /// <summary>Longest interval at which key frames count as a rate.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    private Cell[] _cells = new Cell[MaxTemporal];
    private MonotonicTime _windowStart = MonotonicTime.Never;
    private float _lastSeconds;

    private RtpTimestamp _keyFrame;
    private MonotonicTime _keyFrameAt = MonotonicTime.Never;
    private long _keyFrameBytes;
    private double _keyFrameSize;
    private TimeSpan _interval;
    private int _evenIntervals;

    /// <summary>True when something has been measured; before, nothing costs zero, and all that is unknown.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Number of spatial layers with costs of their own.</summary>
    public int SpatialLayers => _cells.Length / MaxTemporal;

    /// <summary>
    /// Rate of the key frames that the encoder makes at even intervals, bits per second; 0 when it makes them only when asked.
    /// </summary>
    public long KeyFrameRate => _evenIntervals >= EvenIntervals ? (long)(_keyFrameSize * 8 / _interval.TotalSeconds) : 0;

    /// <summary>Mean rate of the lowest temporal layer, of all spatial ones, bits per second.</summary>
    public long BaseRate
    {
        get
        {
            long rate = 0;
            for (int spatial = 0; spatial < SpatialLayers; spatial++)
                rate += MeanOf(spatial, 0);
            return rate;
        }
    }

    /// <summary>Mean rate of one layer alone, bits per second.</summary>
    public long MeanOf(int spatial, int temporal) => (long)Find(spatial, temporal).Mean;

    /// <summary>Highest rate of one layer alone within the last seconds, bits per second.</summary>
    public long PeakOf(int spatial, int temporal) => (long)Find(spatial, temporal).Peak;

    /// <summary>Notes a packet with media.</summary>
    /// <param name="layers">Its layers; none in sound.</param>
    /// <param name="timestamp">Its timestamp.</param>
    /// <param name="bytes">Its length with its header, without what protects it.</param>
    /// <param name="now">The time.</param>
    internal void OnPacket(in FrameLayers layers, RtpTimestamp timestamp, int bytes, MonotonicTime now)
    {
        if (_windowStart.IsNever)
            _windowStart = now;
        else if (now - _windowStart >= Window)
            CloseWindow(now);
        if (layers.StartsKeyFrame)
            OnKeyFrame(timestamp, now);
        bytes += PacketOverhead;
        if (timestamp == _keyFrame && !_keyFrameAt.IsNever)
            _keyFrameBytes += bytes;
        else
            CellOf(layers).Bytes += bytes;
    }

    private void OnKeyFrame(RtpTimestamp timestamp, MonotonicTime now)
    {
        if (_keyFrameAt.IsNever)
        {
            (_keyFrame, _keyFrameAt) = (timestamp, now);
            return;
        }
        if (timestamp == _keyFrame)
            return;
        _keyFrameSize = _keyFrameSize == 0 ? _keyFrameBytes : _keyFrameSize + ((_keyFrameBytes - _keyFrameSize) / 4);
        TimeSpan interval = now - _keyFrameAt;
        if (_evenIntervals == 0 || interval > LongestInterval)
        {
            _interval = interval;
            _evenIntervals = interval <= LongestInterval ? 1 : 0;
        }
        else if ((interval - _interval).Duration() <= _interval * IntervalTolerance)
        {
            _interval += (interval - _interval) / 4;
            _evenIntervals = Math.Min(_evenIntervals + 1, MostEvenIntervals);
        }
        else
        {
            // One that a viewer asked for, or another rhythm.
            _evenIntervals = Math.Max(_evenIntervals - 2, 0);
        }
        (_keyFrame, _keyFrameAt, _keyFrameBytes) = (timestamp, now, 0);
    }

    private void CloseWindow(MonotonicTime now)
    {
        TimeSpan elapsed = now - _windowStart;
        _windowStart = now;
        if (!_keyFrameAt.IsNever && now - _keyFrameAt > LongestInterval)
            _evenIntervals = 0;
        float seconds = (float)elapsed.TotalSeconds, lastSeconds = _lastSeconds;
        bool isAfterPause = lastSeconds > LongWindow.TotalSeconds;
        _lastSeconds = Math.Min(seconds, (float)PeakTime.TotalSeconds);
        if (elapsed >= Silence && IsKnown)
        {
            // What was known before it fell silent stands.
            foreach (ref Cell cell in _cells.AsSpan())
            {
                cell.Last = cell.Bytes * 8 / seconds;
                cell.Bytes = 0;
            }
            return;
        }
        float meanWeight = (float)Math.Min(elapsed / MeanTime, 1), peakWeight = (float)Math.Min(elapsed / PeakTime, 1);
        foreach (ref Cell cell in _cells.AsSpan())
        {
            float rate = cell.Bytes * 8 / seconds;
            float recent = IsKnown ? ((rate * seconds) + (cell.Last * lastSeconds)) / (seconds + lastSeconds) : rate;
            // What was held up comes in a burst, and that is no higher rate.
            if (isAfterPause)
                rate = recent;
            cell.Mean += (rate - cell.Mean) * (IsKnown ? meanWeight : 1);
            cell.Peak = Math.Max(recent, cell.Peak + ((cell.Mean - cell.Peak) * peakWeight));
            cell.Last = rate;
            cell.Bytes = 0;
        }
        IsKnown = true;
    }

    private Cell Find(int spatial, int temporal) => (uint)spatial < (uint)SpatialLayers && (uint)temporal < MaxTemporal
        ? _cells[(spatial * MaxTemporal) + temporal]
        : default;

    private ref Cell CellOf(in FrameLayers layers)
    {
        int spatial = Math.Min((int)layers.Spatial, MaxSpatial - 1), temporal = Math.Min((int)layers.Temporal, MaxTemporal - 1);
        if (spatial >= SpatialLayers)
            Array.Resize(ref _cells, (spatial + 1) * MaxTemporal);
        return ref _cells[(spatial * MaxTemporal) + temporal];
    }

    /// <summary>Rates of one layer alone, bits per second.</summary>
    private struct Cell
    {
        public int Bytes;
        public float Last;
        public float Mean;
        public float Peak;
    }
}
