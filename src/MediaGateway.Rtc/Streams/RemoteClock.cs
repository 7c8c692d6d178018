using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Streams;

/// <summary>
/// Translates one remote peer's NTP clock into ours, from its sender reports. All streams of that peer share it, so
/// that what it said about lip synchronization stays true after translation. The report with the least network delay decides; the
/// delay may rise slowly, to follow clock drift.
/// <para>A clock that is absent, stands still or jumps says nothing. One that was set is followed once it has gone on from there for
/// three reports.</para>
/// </summary>
public sealed class RemoteClock
{
    /// <summary>Clocks drift by tens of ppm, bad ones by some hundred; 1 ms per second is more than any.</summary>
    private const double MaxDriftPerSecond = 1e-3;

    /// <summary>More reports that have to agree with the first one of a clock that seems to have been set.</summary>
    private const int Confirmations = 2;

    /// <summary>Longest time by which a report may come sooner or later than the clock says: what a network's delay varies by.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest time by which reports that agree may come sooner or later than each other.</summary>
    private static readonly TimeSpan Agreement = TimeSpan.FromMilliseconds(50);

    /// <summary>Least time over which reports have to agree: those of several streams come together.</summary>
    private static readonly TimeSpan Confirmation = TimeSpan.FromMilliseconds(500);

    private ClockTranslation _translation;
    private MonotonicTime _updated;
    private NtpTime _last;

    /// <summary>Translation that would be right if the clock was set; null while it goes on as it was.</summary>
    private ClockTranslation? _doubted;
    private int _confirmations;

    public bool IsKnown { get; private set; }

    /// <summary>Translation learned from reports; null before the first one that tells a time.</summary>
    public ClockTranslation? Translation => IsKnown ? _translation : null;

    /// <param name="remote">NTP time in the sender report; 0 from a sender without a clock (RFC 3550 section 6.4.1).</param>
    /// <param name="now">Arrival of the report.</param>
    public void OnSenderReport(NtpTime remote, MonotonicTime now)
    {
        if (remote == default || remote == _last)
            return;
        _last = remote;
        var reported = new ClockTranslation(remote, now);
        if (!IsKnown)
            Set(reported);
        else if (IsPlausible(remote, now))
            Adjust(now - ToLocal(remote), now);
        else if (_doubted is not { } doubted || (now - doubted.ToLocal(remote)).Duration() > Agreement)
            (_doubted, _confirmations) = (reported, 0);
        else if (++_confirmations >= Confirmations && now - doubted.Local >= Confirmation)
            Set(reported);
    }

    /// <summary>Tells whether a report's time goes with its arrival.</summary>
    public bool IsPlausible(NtpTime remote, MonotonicTime arrival) =>
        IsKnown && remote != default && (arrival - ToLocal(remote)).Duration() <= Tolerance;

    /// <summary>Takes over what another worker has learned of the same remote.</summary>
    public void Follow(in ClockTranslation translation)
    {
        _translation = translation;
        IsKnown = true;
    }

    public MonotonicTime ToLocal(NtpTime remote) => _translation.ToLocal(remote);

    private void Set(in ClockTranslation translation)
    {
        (_translation, IsKnown, _doubted) = (translation, true, null);
        _updated = translation.Local;
    }

    /// <param name="delay">Time by which a report came later than by the translation.</param>
    /// <param name="now">When it came.</param>
    private void Adjust(TimeSpan delay, MonotonicTime now)
    {
        TimeSpan drift = (now - _updated) * MaxDriftPerSecond;
        _translation = _translation with { Local = _translation.Local + (delay < drift ? delay : drift) };
        _updated = now;
        _doubted = null;
    }
}
