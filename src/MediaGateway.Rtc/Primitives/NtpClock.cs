namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// Maps the worker's monotonic clock to NTP time by one fixed offset, so that sender reports never jump when the
/// machine's wall clock is stepped.
/// </summary>
public readonly record struct NtpClock(NtpTime AtZero)
{
    public NtpTime At(MonotonicTime now) => AtZero + (now - MonotonicTime.Zero);
}
