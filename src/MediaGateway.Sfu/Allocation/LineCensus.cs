using MediaGateway.Rtc.Bandwidth;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Allocation;

/// <summary>
/// Counts of the lines of one worker's receivers, and of the videos that are not sent whole, taken about once a second. Written by the
/// worker only; readable from any thread, each count by itself whole but not in step with the others.
/// </summary>
public sealed class LineCensus
{
    /// <summary>Time between two counts.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly int Kinds = Enum.GetValues<FeedbackKind>().Length;
    private static readonly int Causes = Enum.GetValues<LimitCause>().Length;

    private readonly int[] _lines = new int[Kinds];
    private readonly int[] _limited = new int[Causes];
    private readonly int[] _paused = new int[Causes];
    private readonly int[] _nextLines = new int[Kinds];
    private readonly int[] _nextLimited = new int[Causes];
    private readonly int[] _nextPaused = new int[Causes];
    private readonly long[] _estimates = new long[EstimateBounds.Count + 1];
    private readonly long[] _queueDelays = new long[QueueDelayBounds.Count + 1];
    private MonotonicTime _next;
    private long _fillerBytes;
    private int _congested;
    private int _nextCongested;

    /// <summary>Upper bounds of <see cref="Estimates"/>, bit/s: from a thumbnail to a sharp picture.</summary>
    public static IReadOnlyList<double> EstimateBounds { get; } = [1e5, 2e5, 3e5, 5e5, 8e5, 1.2e6, 2e6, 3e6, 5e6, 1e7, 2e7, 5e7];

    /// <summary>Upper bounds of <see cref="QueueDelays"/>, seconds.</summary>
    public static IReadOnlyList<double> QueueDelayBounds { get; } = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1];

    /// <summary>Number of receivers that more was just sent to than their lines carry.</summary>
    public int Congested => Volatile.Read(ref _congested);

    /// <summary>Bytes sent to receivers to find out whether their lines carry more.</summary>
    public long FillerBytes => Volatile.Read(ref _fillerBytes);

    /// <summary>Number of receivers by what they tell.</summary>
    public int Lines(FeedbackKind kind) => Volatile.Read(ref _lines[(int)kind]);

    /// <summary>Number of receptions of a video that a cause limits.</summary>
    public int Limited(LimitCause cause) => Volatile.Read(ref _limited[(int)cause]);

    /// <summary>Number of these that are paused.</summary>
    public int Paused(LimitCause cause) => Volatile.Read(ref _paused[(int)cause]);

    /// <summary>Number of times that an estimate was counted that is not above the bound of this index, and above the one before.</summary>
    public long Estimates(int bucket) => Volatile.Read(ref _estimates[bucket]);

    /// <summary>Number of times that a delay was counted that is not above the bound of this index, and above the one before.</summary>
    public long QueueDelays(int bucket) => Volatile.Read(ref _queueDelays[bucket]);

    /// <summary>Counts, when it is time to.</summary>
    internal void Update(IReadOnlyList<Downlink> downlinks, MonotonicTime now)
    {
        if (now < _next)
            return;
        _next = now + Interval;
        for (int i = 0; i < downlinks.Count; i++)
            downlinks[i].Report(this);
        Publish(_nextLines, _lines);
        Publish(_nextLimited, _limited);
        Publish(_nextPaused, _paused);
        Volatile.Write(ref _congested, _nextCongested);
        _nextCongested = 0;
    }

    /// <summary>Counts a receiver's line.</summary>
    internal void Count(CongestionController congestion)
    {
        _nextLines[(int)congestion.Feedback]++;
        if (congestion.IsCongested)
            _nextCongested++;
        if (congestion.Estimate is not { } estimate)
            return;
        _estimates[BucketOf(estimate.BitsPerSecond, EstimateBounds)]++;
        _queueDelays[BucketOf(congestion.QueueDelay.TotalSeconds, QueueDelayBounds)]++;
    }

    /// <summary>Counts the reception of a video.</summary>
    internal void Count(in LayerLimit limit)
    {
        _nextLimited[(int)limit.Cause]++;
        if (limit.Value.Paused)
            _nextPaused[(int)limit.Cause]++;
    }

    /// <summary>Counts filler that has been sent.</summary>
    internal void CountFiller(long bytes) => Volatile.Write(ref _fillerBytes, _fillerBytes + bytes);

    private static void Publish(int[] counted, int[] published)
    {
        for (int i = 0; i < counted.Length; i++)
        {
            Volatile.Write(ref published[i], counted[i]);
            counted[i] = 0;
        }
    }

    private static int BucketOf(double value, IReadOnlyList<double> bounds)
    {
        int bucket = 0;
        while (bucket < bounds.Count && value > bounds[bucket])
            bucket++;
        return bucket;
    }
}
