namespace MediaGateway.Rtc.Primitives;

/// <summary>
/// NTP timestamp format of RFC 3550 section 4: 32 bits of seconds since 1900 and 32 bits of fraction.
/// </summary>
public readonly record struct NtpTime(ulong Value)
{
    private const double FractionsPerTick = 4294967296.0 / TimeSpan.TicksPerSecond;

    /// <summary>The middle 32 bits, as carried by LSR and DLSR (RFC 3550 section 6.4.1): units of 1/65536 s.</summary>
    public uint Compact => (uint)(Value >> 16);

    public static NtpTime operator +(NtpTime time, TimeSpan span) => new(time.Value + (ulong)(long)(span.Ticks * FractionsPerTick));

    public static NtpTime operator -(NtpTime time, TimeSpan span) => new(time.Value - (ulong)(long)(span.Ticks * FractionsPerTick));

    /// <summary>Signed distance; NTP wraps in 2036 and the difference stays right across it.</summary>
    public static TimeSpan operator -(NtpTime later, NtpTime earlier) =>
        new((long)((long)(later.Value - earlier.Value) / FractionsPerTick));
}
