using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Translation of one clock's NTP times to another's. Differences from a reference keep the arithmetic far from the range of TimeSpan.
/// </summary>
/// <param name="Remote">A moment by the remote clock.</param>
/// <param name="Local">The moment of ours at which it was learned.</param>
/// <param name="Offset">What has to be added to get the same moment.</param>
public readonly record struct ClockTranslation(NtpTime Remote, NtpTime Local, TimeSpan Offset)
{
    public NtpTime ToLocal(NtpTime remote) => Local + (remote - Remote) + Offset;
}
