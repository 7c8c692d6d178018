using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Media;

/// <summary>
/// Room that one receiver's line has for video at the moment: a leaky bucket that all of the receiver's videos share. It empties at
/// <see cref="Factor"/> times the estimate and holds <see cref="Burst"/> of it; what fits in goes out at once, whatever it is. Without an
/// estimate, or with one so high that no picture would fill the bucket, everything fits.
/// </summary>
internal sealed class PacingBucket
{
    /// <summary>
    /// Rate at which video goes out while packets wait, relative to the estimate. A little above 1, because the estimate lies a little
    /// below what the line carries: so a picture is complete as early as the line allows, and the queue before the line stays short.
    /// </summary>
    public const double Factor = 1.1;

    /// <summary>Highest such rate for the sake of a short wait alone, relative to the estimate.</summary>
    public const double MostFactor = 2.5;

    /// <summary>Time of the estimate that goes out at once.</summary>
    public static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(30);

    /// <summary>Least that the bucket holds, and what each video may send however full it is: a packet of the greatest length.</summary>
    private const int LeastBurstBytes = 1500;

    /// <summary>Estimate from which on nothing waits: key frames of most publishers take less than <see cref="Burst"/> of it.</summary>
    private const long Unlimited = 40_000_000;

    /// <summary>Size of a bucket that holds everything, ticks.</summary>
    private const long Endless = long.MaxValue / 2;

    /// <summary>Binary digits of <see cref="_ticksPerByte"/> behind the point.</summary>
    private const int Fraction = 8;

    private int _ticksPerByte;
    private int _ticksPerStreamByte;
    private long _burst = Endless;

    /// <summary>Time at which the bucket will be empty, ticks.</summary>
    private long _emptyAt;

    /// <summary>The estimate, bytes per second; infinite while nothing has to wait.</summary>
    public double BytesPerSecond { get; private set; } = double.PositiveInfinity;

    /// <summary>Number of videos of which packets wait. Kept by the pacer.</summary>
    public int Waiting { get; set; }

    /// <summary>Rate that each waiting video has at least, bytes per second: they share the line evenly.</summary>
    public double LeastRate => BytesPerSecond * Factor / Math.Max(1, Waiting);

    /// <summary>Rate up to which a waiting video may go for a short wait, bytes per second.</summary>
    public double MostRate => BytesPerSecond * MostFactor / Math.Max(1, Waiting);

    /// <summary>Tells whether an estimate is low enough for anything to wait.</summary>
    public static bool Limits(Bitrate? estimate) => estimate is { BitsPerSecond: > 0 and < Unlimited };

    /// <param name="estimate">What the line carries; null when it is not known.</param>
    /// <param name="streams">Number of the receiver's videos.</param>
    /// <param name="now">The time.</param>
    public void Set(Bitrate? estimate, int streams, MonotonicTime now)
    {
        if (estimate is not { } rate || !Limits(rate))
        {
            BytesPerSecond = double.PositiveInfinity;
            _ticksPerByte = _ticksPerStreamByte = 0;
            _burst = Endless;
            return;
        }
        BytesPerSecond = rate.BitsPerSecond / 8.0;
        double ticksPerByte = TimeSpan.TicksPerSecond / (BytesPerSecond * Factor);
        _burst = (long)(Math.Max(LeastBurstBytes, BytesPerSecond * Burst.TotalSeconds) * ticksPerByte);
        _ticksPerByte = Fixed(ticksPerByte);
        _ticksPerStreamByte = Fixed(ticksPerByte * Math.Max(1, streams));
        _emptyAt = Math.Min(_emptyAt, now.Ticks + _burst);
    }

    /// <summary>
    /// Counts a packet that is to go out at once; false when it does not fit. Then it goes out all the same while its own video has sent
    /// little more than its even part of the line, so that small pictures do not wait behind a key frame of another video.
    /// </summary>
    /// <param name="bytes">Its length on the wire.</param>
    /// <param name="streamEmptyAt">State of the same bucket for the one video, with even parts for all.</param>
    /// <param name="now">The time, ticks.</param>
    public bool TryPass(int bytes, ref long streamEmptyAt, long now)
    {
        long level = Math.Max(_emptyAt, now) + ((long)bytes * _ticksPerByte >> Fraction);
        long streamLevel = Math.Max(streamEmptyAt, now) + ((long)bytes * _ticksPerStreamByte >> Fraction);
        if (level - now > _burst && streamLevel - now > (long)LeastBurstBytes * _ticksPerStreamByte >> Fraction)
            return false;
        _emptyAt = Math.Min(level, now + _burst);
        streamEmptyAt = streamLevel;
        return true;
    }

    /// <summary>Counts a packet that goes out after its wait: the bucket stays as full as it is.</summary>
    public void OnReleased(int bytes, long now) =>
        _emptyAt = Math.Min(Math.Max(_emptyAt, now) + ((long)bytes * _ticksPerByte >> Fraction), now + _burst);

    private static int Fixed(double ticksPerByte) => (int)Math.Min(ticksPerByte * (1 << Fraction), int.MaxValue);
}
