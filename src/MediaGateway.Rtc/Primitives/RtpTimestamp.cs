namespace MediaGateway.Rtc.Primitives;

/// <summary>Media timestamp on the wire, in units of the codec's clock rate; wraps (RFC 3550 section 5.1).</summary>
public readonly record struct RtpTimestamp(uint Value)
{
    /// <summary>Signed distance in clock units: positive when this is later than <paramref name="other"/>.</summary>
    public int DistanceFrom(RtpTimestamp other) => (int)(Value - other.Value);

    public static RtpTimestamp operator +(RtpTimestamp timestamp, uint units) => new(timestamp.Value + units);

    public static RtpTimestamp operator -(RtpTimestamp timestamp, uint units) => new(timestamp.Value - units);
}
