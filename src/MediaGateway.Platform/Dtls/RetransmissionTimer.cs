using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Platform.Dtls;

/// <summary>
/// The time at which a lost flight is sent again: first after <see cref="DtlsOptions.FirstRetransmission"/>, doubling up to
/// <see cref="DtlsOptions.MaxRetransmission"/> (RFC 6347 section 4.2.4.1; the first timeout is shorter than its
/// suggested second because libssl ignores a repeated ClientHello, so this timer is all that repairs a lost flight).
/// </summary>
internal sealed class RetransmissionTimer(DtlsOptions options, DtlsClock clock)
{
    private TimeSpan _timeout = options.FirstRetransmission;
    private uint _flight;

    internal MonotonicTime Due { get; private set; } = MonotonicTime.Never;

    internal void Stop()
    {
        Due = MonotonicTime.Never;
        _flight = 0;
    }

    /// <summary>Must be called after each call into libssl while the handshake lasts.</summary>
    internal void Update(in OpenSslCall call, MonotonicTime now)
    {
        if (clock == DtlsClock.Library)
        {
            Due = call.TryGetTimeLeft(out TimeSpan left) ? now + left : MonotonicTime.Never;
        }
        else if (!call.IsTimerRunning)
        {
            Due = MonotonicTime.Never;
        }
        else if (call.Flight != _flight)
        {
            _flight = call.Flight;
            _timeout = options.FirstRetransmission;
            Due = now + _timeout;
        }
    }

    /// <summary>Must be called when <see cref="Due"/> has come.</summary>
    internal OpenSslResult Fire(in OpenSslCall call, MonotonicTime now)
    {
        if (clock == DtlsClock.Caller)
        {
            call.ExpireTimer();
            _timeout = TimeSpan.FromTicks(Math.Min(2 * _timeout.Ticks, options.MaxRetransmission.Ticks));
            Due = now + _timeout;
        }
        return call.Retransmit();
    }
}
