namespace MediaGateway.Rtc.Sctp;

/// <summary>A transmission sequence number; compared by serial-number arithmetic (RFC 9260 section 1.6).</summary>
internal readonly record struct Tsn(uint Value)
{
    /// <summary>Positive when this is newer than <paramref name="other"/>.</summary>
    public int DistanceFrom(Tsn other) => (int)(Value - other.Value);

    public static Tsn operator +(Tsn tsn, int count) => new(tsn.Value + (uint)count);

    public static Tsn operator -(Tsn tsn, int count) => new(tsn.Value - (uint)count);

    public static bool operator <(Tsn a, Tsn b) => a.DistanceFrom(b) < 0;

    public static bool operator >(Tsn a, Tsn b) => a.DistanceFrom(b) > 0;

    public static bool operator <=(Tsn a, Tsn b) => a.DistanceFrom(b) <= 0;

    public static bool operator >=(Tsn a, Tsn b) => a.DistanceFrom(b) >= 0;
}
