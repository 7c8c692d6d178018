namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// A point on the worker's monotonic clock, in ticks of 100 ns since an arbitrary origin. The core never reads a
/// clock: every call that depends on time takes one of these.
/// </summary>
public readonly record struct MonotonicTime(long Ticks) : IComparable<MonotonicTime>
{
    public static readonly MonotonicTime Zero = new(0);

    /// <summary>Later than every reachable time: the deadline of something that has none.</summary>
    public static readonly MonotonicTime Never = new(long.MaxValue);

    public bool IsNever => Ticks == long.MaxValue;

    public static MonotonicTime FromMilliseconds(long milliseconds) => new(milliseconds * TimeSpan.TicksPerMillisecond);

    public static MonotonicTime Min(MonotonicTime a, MonotonicTime b) => a.Ticks <= b.Ticks ? a : b;

    public static MonotonicTime Max(MonotonicTime a, MonotonicTime b) => a.Ticks >= b.Ticks ? a : b;

    public static MonotonicTime operator +(MonotonicTime time, TimeSpan span) => new(time.Ticks + span.Ticks);

    public static MonotonicTime operator -(MonotonicTime time, TimeSpan span) => new(time.Ticks - span.Ticks);

    public static TimeSpan operator -(MonotonicTime later, MonotonicTime earlier) => new(later.Ticks - earlier.Ticks);

    public static bool operator <(MonotonicTime a, MonotonicTime b) => a.Ticks < b.Ticks;

    public static bool operator >(MonotonicTime a, MonotonicTime b) => a.Ticks > b.Ticks;

    public static bool operator <=(MonotonicTime a, MonotonicTime b) => a.Ticks <= b.Ticks;

    public static bool operator >=(MonotonicTime a, MonotonicTime b) => a.Ticks >= b.Ticks;

    /// <summary>The first multiple of a span that is not before this; this itself for a span of zero.</summary>
    public MonotonicTime RoundUp(TimeSpan step) =>
        step == TimeSpan.Zero || IsNever ? this : new((Ticks + step.Ticks - 1) / step.Ticks * step.Ticks);

    public int CompareTo(MonotonicTime other) => Ticks.CompareTo(other.Ticks);

    public override string ToString() => IsNever ? "never" : $"{Ticks / 10_000.0:F3} ms";
}
