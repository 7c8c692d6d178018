using System.Numerics;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Decides which packets of a received stream to ask for again (RFC 4585 section 6.2.1). Gaps are remembered in
/// ascending order; each is asked for after a short tolerance for reordering, then once per round trip, until it
/// comes, grows too old or was asked for too often.
/// </summary>
public sealed class NackGenerator
{
    /// <summary>A longer gap is not mended packet by packet: a key frame is cheaper.</summary>
    public const int MaxGap = 512;

    private const int MaxAttempts = 10;

    private static readonly TimeSpan ReorderTolerance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromMilliseconds(400);

    private const int FirstCapacity = 32;

    private Missing[] _missing = [];
    private int _count;
    private ExtendedSequence _highest;
    private bool _started;
    private TimeSpan _roundTrip = TimeSpan.FromMilliseconds(60);

    /// <summary>Packets currently missed and still worth asking for.</summary>
    public int MissingCount => _count;

    /// <summary>Time at which <see cref="Collect"/> has something to ask for.</summary>
    public MonotonicTime NextDeadline { get; private set; } = MonotonicTime.Never;

    /// <summary>Time from asking to arrival, smoothed.</summary>
    public TimeSpan RoundTrip => _roundTrip;

    /// <summary>
    /// Notes an arrival, first or retransmitted. Returns false when the gap before it was too long to mend: all that was
    /// missing is forgotten and the caller should ask for a key frame.
    /// </summary>
    public bool OnPacket(ExtendedSequence sequence, MonotonicTime now)
    {
        if (!_started)
        {
            _started = true;
            _highest = sequence;
            return true;
        }
        if (sequence <= _highest)
        {
            Remove(sequence, now);
            return true;
        }
        long gap = sequence - _highest - 1;
        ExtendedSequence firstMissing = _highest + 1;
        _highest = sequence;
        if (gap == 0)
            return true;
        if (_count + gap > MaxGap)
        {
            _count = 0;
            NextDeadline = MonotonicTime.Never;
            return false;
        }
        if (_count + gap > _missing.Length)
            Array.Resize(ref _missing, Math.Max(FirstCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)(_count + gap))));
        for (long i = 0; i < gap; i++)
            _missing[_count++] = new Missing { Sequence = firstMissing + i, Since = now, DueAt = now + ReorderTolerance };
        NextDeadline = MonotonicTime.Min(NextDeadline, now + ReorderTolerance);
        return true;
    }

    /// <summary>
    /// Writes the sequence numbers to ask for now, ascending, and returns how many. Call again while it fills the span.
    /// </summary>
    public int Collect(Span<SequenceNumber> destination, MonotonicTime now)
    {
        int collected = 0, kept = 0;
        MonotonicTime next = MonotonicTime.Never;
        for (int i = 0; i < _count; i++)
        {
            Missing entry = _missing[i];
            if (now - entry.Since > MaxAge || entry.Attempts >= MaxAttempts)
                continue;
            if (entry.DueAt <= now && collected < destination.Length)
            {
                destination[collected++] = entry.Sequence.Wire;
                entry.Attempts++;
                entry.LastAsked = now;
                entry.DueAt = now + Interval(entry.Attempts);
            }
            next = MonotonicTime.Min(next, entry.DueAt);
            _missing[kept++] = entry;
        }
        _count = kept;
        NextDeadline = next;
        return collected;
    }

    private TimeSpan Interval(int attempts)
    {
        TimeSpan interval = _roundTrip * (attempts < 3 ? 1.5 : 3);
        return interval < MinInterval ? MinInterval : interval > MaxInterval ? MaxInterval : interval;
    }

    private void Remove(ExtendedSequence sequence, MonotonicTime now)
    {
        int low = 0, high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            ref Missing entry = ref _missing[middle];
            if (entry.Sequence == sequence)
            {
                // Only an unambiguous sample: the answer to the one and only request (Karn's algorithm).
                if (entry.Attempts == 1)
                    _roundTrip = (_roundTrip * 7 + (now - entry.LastAsked)) / 8;
                Array.Copy(_missing, middle + 1, _missing, middle, _count - middle - 1);
                _count--;
                return;
            }
            if (entry.Sequence < sequence)
                low = middle + 1;
            else
                high = middle - 1;
        }
    }

    private struct Missing
    {
        public ExtendedSequence Sequence;
        public MonotonicTime Since;
        public MonotonicTime LastAsked;
        public MonotonicTime DueAt;
        public int Attempts;
    }
}
