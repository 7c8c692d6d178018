using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Translation of a remote clock's NTP times to ours: one moment by both clocks. Differences from it keep the arithmetic far from the
/// range of TimeSpan.
/// </summary>
/// <param name="Remote">The moment by the remote clock.</param>
/// <param name="Local">The same moment by ours.</param>
public readonly record struct ClockTranslation(NtpTime Remote, MonotonicTime Local)
{
    public MonotonicTime ToLocal(NtpTime remote) => Local + (remote - Remote);
}
