using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtcp;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Arrival times per transport-wide sequence number, reported back to the publisher every 30 to 50 ms
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01). A packet that comes after its number was reported as
/// missing moves the next report's start back, so that it is reported again with its time. Who sends us nothing costs nothing, and
/// who sends little, little: what is remembered grows when more comes between two reports than fits.
/// </summary>
public sealed class TransportFeedbackGenerator
{
    /// <summary>Time from the first packet that is to be reported to the report at the latest.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Time from the first packet that is to be reported after which the next one brings the report about: the worker is awake for it
    /// then, and need not wake for the report alone. Less than a frame at 30 a second.
    /// </summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(30);

    /// <summary>Seconds of a camera.</summary>
    private const int FirstCapacity = 1024;

    private const int MaxCapacity = 8192;

    /// <summary>Greatest number of sequence numbers that one report covers, which keeps a report well under one datagram.</summary>
    private const int MaxPerReport = 400;

    private readonly TimeSpan _interval = Interval;
    private readonly TimeSpan _leastInterval = LeastInterval;
    private long[] _arrivals = [];
    private ExtendedSequence _next;
    private ExtendedSequence _highest;
    private MonotonicTime _unreportedSince;
    private bool _started;
    private byte _feedbackCount;

    public TransportFeedbackGenerator()
    {
    }

    /// <param name="interval">Time between two reports, whenever packets come.</param>
    public TransportFeedbackGenerator(TimeSpan interval) => _interval = _leastInterval = interval;

    public MonotonicTime NextDeadline { get; private set; } = MonotonicTime.Never;

    private int Capacity => _arrivals.Length;

    public void OnPacket(SequenceNumber transportSequence, MonotonicTime now)
    {
        if (!_started)
        {
            _started = true;
            _arrivals = new long[FirstCapacity];
            Array.Fill(_arrivals, long.MinValue);
            // One wrap up, so that numbers reordered before the first stay positive.
            _next = _highest = new ExtendedSequence(0x10000 + transportSequence.Value);
        }
        ExtendedSequence sequence = ExtendedSequence.Nearest(transportSequence, _highest);
        if (sequence > _highest)
        {
            Advance(sequence);
        }
        else if (sequence <= _highest - Capacity)
        {
            return;
        }
        _arrivals[sequence.Value & (Capacity - 1)] = now.Ticks;
        if (sequence < _next)
            _next = sequence;
        if (NextDeadline.IsNever)
        {
            _unreportedSince = now;
            NextDeadline = now + _interval;
        }
        else if (now - _unreportedSince >= _leastInterval)
        {
            NextDeadline = _unreportedSince;
        }
    }

    /// <summary>
    /// Appends one report if any is due. Call again while it returns true: a long span of numbers takes several.
    /// </summary>
    public bool TryWrite(ref RtcpWriter writer, Ssrc sender, Ssrc media, MonotonicTime now)
    {
        if (NextDeadline > now)
            return false;
        SkipEmptySpans();
        if (_next > _highest)
        {
            NextDeadline = MonotonicTime.Never;
            return false;
        }
        Span<long> arrivals = stackalloc long[MaxPerReport];
        int count = (int)Math.Min(MaxPerReport, _highest - _next + 1);
        for (int i = 0; i < count; i++)
            arrivals[i] = _arrivals[(_next.Value + i) & (Capacity - 1)];
        if (!writer.WriteTransportFeedback(sender, media, _next.Wire, _feedbackCount, arrivals[..count], out int written))
            return false;
        _feedbackCount++;
        _next += written;
        if (_next > _highest)
            NextDeadline = MonotonicTime.Never;
        return true;
    }

    private void Advance(ExtendedSequence sequence)
    {
        long steps = sequence - _highest;
        while (sequence - _next >= Capacity && Capacity < MaxCapacity)
            Grow();
        if (steps >= Capacity)
        {
            Array.Fill(_arrivals, long.MinValue);
            _next = sequence;
        }
        else
        {
            for (ExtendedSequence skipped = _highest + 1; skipped <= sequence; skipped += 1)
                _arrivals[skipped.Value & (Capacity - 1)] = long.MinValue;
            if (_next <= sequence - Capacity)
                _next = sequence - Capacity + 1;
        }
        _highest = sequence;
    }

    private void Grow()
    {
        long[] before = _arrivals;
        _arrivals = new long[before.Length * 2];
        Array.Fill(_arrivals, long.MinValue);
        for (ExtendedSequence known = _highest - before.Length + 1; known <= _highest; known += 1)
            _arrivals[known.Value & (Capacity - 1)] = before[known.Value & (before.Length - 1)];
    }

    /// <summary>A report needs one received packet for its reference time; whole spans of lost ones are left out.</summary>
    private void SkipEmptySpans()
    {
        while (_highest - _next >= MaxPerReport && !AnyReceived(_next, MaxPerReport))
            _next += MaxPerReport;
    }

    private bool AnyReceived(ExtendedSequence from, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (_arrivals[(from.Value + i) & (Capacity - 1)] != long.MinValue)
                return true;
        }
        return false;
    }
}
