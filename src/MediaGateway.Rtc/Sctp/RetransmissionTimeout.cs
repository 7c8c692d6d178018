namespace MediaGateway.Rtc.Sctp;

/// <summary>RTO from measured round trips (RFC 9260 section 6.3.1), doubled by each expiry until the next measurement.</summary>
internal sealed class RetransmissionTimeout(SctpOptions options)
{
    private const double Alpha = 1.0 / 8;
    private const double Beta = 1.0 / 4;

    private TimeSpan _variation;

    public TimeSpan Value { get; private set; } = options.InitialRetransmissionTimeout;

    /// <summary>Smoothed round trip; zero until measured.</summary>
    public TimeSpan RoundTrip { get; private set; }

    public void OnMeasured(TimeSpan roundTrip)
    {
        if (RoundTrip == TimeSpan.Zero)
        {
            RoundTrip = roundTrip;
            _variation = roundTrip / 2;
        }
        else
        {
            _variation = _variation * (1 - Beta) + (RoundTrip - roundTrip).Duration() * Beta;
            RoundTrip = RoundTrip * (1 - Alpha) + roundTrip * Alpha;
        }
        Value = Clamp(RoundTrip + _variation * 4);
    }

    public void BackOff() => Value = Clamp(Value * 2);

    private TimeSpan Clamp(TimeSpan timeout) =>
        timeout < options.MinRetransmissionTimeout ? options.MinRetransmissionTimeout
        : timeout > options.MaxRetransmissionTimeout ? options.MaxRetransmissionTimeout
        : timeout;
}
