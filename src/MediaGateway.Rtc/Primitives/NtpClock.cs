namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// Maps the worker's monotonic clock to NTP time by one fixed offset, so that sender reports never jump when the
/// machine's wall clock is stepped.
/// </summary>
public readonly record struct NtpClock(NtpTime AtZero)
{
    private const long UnixEpochInNtpSeconds = 2_208_988_800;

    public NtpTime At(MonotonicTime now) => AtZero + (now - MonotonicTime.Zero);

    /// <summary>Milliseconds since 1970.</summary>
    public long UnixTime(MonotonicTime time)
    {
        ulong ntp = At(time).Value;
        return ((long)(ntp >> 32) - UnixEpochInNtpSeconds) * 1000 + (long)((ntp & uint.MaxValue) * 1000 >> 32);
    }
}
