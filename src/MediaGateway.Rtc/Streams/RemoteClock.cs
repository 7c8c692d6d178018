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

    private ClockTranslation _translation;
    private MonotonicTime _updated;

    public bool IsKnown { get; private set; }

    /// <summary>Translation learned from reports; null before the first one.</summary>
    public ClockTranslation? Translation => IsKnown ? _translation : null;

    /// <param name="remote">NTP time in the sender report.</param>
    /// <param name="local">Our NTP time on its arrival.</param>
    /// <param name="now">The same moment on the monotonic clock.</param>
    public void OnSenderReport(NtpTime remote, NtpTime local, MonotonicTime now)
    {
        if (!IsKnown)
        {
            _translation = new ClockTranslation(remote, local, TimeSpan.Zero);
            IsKnown = true;
        }
        else
        {
            TimeSpan observed = (local - _translation.Local) - (remote - _translation.Remote);
            TimeSpan drift = (now - _updated) * MaxDriftPerSecond;
            TimeSpan offset = _translation.Offset;
            _translation = _translation with { Offset = observed < offset ? observed : Min(observed, offset + drift) };
        }
        _updated = now;
    }

    /// <summary>Takes over what another worker has learned of the same remote.</summary>
    public void Follow(in ClockTranslation translation)
    {
        _translation = translation;
        IsKnown = true;
    }

    public NtpTime ToLocal(NtpTime remote) => _translation.ToLocal(remote);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
