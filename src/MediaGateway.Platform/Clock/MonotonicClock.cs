using System.Diagnostics;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Clock;

/// <summary>
/// The clock of a process: monotonic time since its construction. All workers share one, so that times can pass from
/// worker to worker. Safe from any thread.
/// </summary>
public sealed class MonotonicClock
{
    /// <summary>NTP counts from 1 January 1900 (RFC 5905 section 6).</summary>
    private static readonly DateTime NtpEpoch = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly long _origin = Stopwatch.GetTimestamp();

    public MonotonicClock()
        : this(TimeProvider.System)
    {
    }

    internal MonotonicClock(TimeProvider wallClock)
    {
        NtpClock = new NtpClock(NtpTimeOf(wallClock.GetUtcNow().UtcDateTime) - (Now - MonotonicTime.Zero));
    }

    public MonotonicTime Now => new(Stopwatch.GetElapsedTime(_origin).Ticks);

    /// <summary>
    /// Clock of NTP time, by the wall clock as it stood at construction. A wall clock that is stepped later changes nothing, so that
    /// sender reports stay consistent.
    /// </summary>
    public NtpClock NtpClock { get; }

    private static NtpTime NtpTimeOf(DateTime utc)
    {
        long ticks = (utc - NtpEpoch).Ticks;
        // The era wraps in 2036: 32 bits of seconds (RFC 5905 section 6).
        ulong seconds = (uint)(ticks / TimeSpan.TicksPerSecond);
        ulong fraction = ((ulong)(ticks % TimeSpan.TicksPerSecond) << 32) / TimeSpan.TicksPerSecond;
        return new NtpTime((seconds << 32) | fraction);
    }
}
