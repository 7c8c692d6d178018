using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Clock;

/// <summary>Processor time of the thread that asks.</summary>
internal static class ThreadClock
{
    /// <summary>Since the thread began, in user and kernel mode; null where the system does not tell.</summary>
    public static unsafe TimeSpan? Now
    {
        get
        {
            TimeSpec time;
            return OperatingSystem.IsLinux() && Environment.Is64BitProcess && Libc.GetTime(Libc.CLOCK_THREAD_CPUTIME_ID, &time) == 0 ? time.ToTimeSpan() : null;
        }
    }
}
