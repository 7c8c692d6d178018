using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sessions;

/// <summary>One point that ties an outgoing stream's timestamps to our NTP clock (RFC 3550 section 6.4.1).</summary>
/// <param name="Time">NTP time by our clock.</param>
/// <param name="Timestamp">The outgoing RTP timestamp of that moment.</param>
public readonly record struct SenderTiming(NtpTime Time, RtpTimestamp Timestamp)
{
    /// <summary>The timestamp at another moment, by the stream's clock rate.</summary>
    public RtpTimestamp At(NtpTime time, int clockRate) =>
        new(Timestamp.Value + (uint)(long)Math.Round((time - Time).TotalSeconds * clockRate));
}
