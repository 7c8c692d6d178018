using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Translates one remote peer's NTP clock into ours, from its sender reports. All streams of that peer share it, so
/// that what it said about lip synchronization stays true after translation. The smallest observed
/// offset is the one with the least network delay in it; it may rise slowly, to follow clock drift.
/// </summary>
public sealed class RemoteClock
{
    /// <summary>Clocks drift by tens of ppm; 100 us per second is more than any.</summary>
    private const double MaxDriftPerSecond = 100e-6;

    private TimeSpan _offset;
    private NtpTime _reference;
    private NtpTime _localReference;
    private MonotonicTime _updated;

    public bool IsKnown { get; private set; }

    /// <param name="remote">NTP time in the sender report.</param>
    /// <param name="local">Our NTP time on its arrival.</param>
    /// <param name="now">The same moment on the monotonic clock.</param>
    public void OnSenderReport(NtpTime remote, NtpTime local, MonotonicTime now)
    {
        if (!IsKnown)
        {
            // Differences from a reference keep the arithmetic far from the range of TimeSpan, whatever the remote's clock says.
            _reference = remote;
            _localReference = local;
            _offset = TimeSpan.Zero;
            IsKnown = true;
        }
        else
        {
            TimeSpan observed = (local - _localReference) - (remote - _reference);
            TimeSpan drift = (now - _updated) * MaxDriftPerSecond;
            _offset = observed < _offset ? observed : Min(observed, _offset + drift);
        }
        _updated = now;
    }

    public NtpTime ToLocal(NtpTime remote) => _localReference + (remote - _reference) + _offset;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
