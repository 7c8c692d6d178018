using MediaGateway.Platform.Interop;

namespace MediaGateway.Platform.Clock;

/// <summary>The clock of the processor time that a thread has used.</summary>
internal static class ThreadClock
{
    /// <summary>
    /// Processor time of the calling thread since it began, in user and kernel mode; null where the system does not tell.
    /// </summary>
    public static unsafe TimeSpan? Now
    {
        get
        {
            TimeSpec time = default;
            bool isKnown = OperatingSystem.IsLinux() && Environment.Is64BitProcess
                && Libc.GetTime(Libc.CLOCK_THREAD_CPUTIME_ID, &time) == 0;
            return isKnown ? time.ToTimeSpan() : null;
        }
    }
}
