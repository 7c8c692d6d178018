namespace MediaGateway.Rtc.Primitives;

public readonly record struct Bitrate(long BitsPerSecond) : IComparable<Bitrate>
{
    public static readonly Bitrate Zero = new(0);

    /// <summary>Mean rate of <paramref name="bytes"/> over <paramref name="interval"/>; zero for an empty interval.</summary>
    public static Bitrate Of(long bytes, TimeSpan interval) =>
        interval <= TimeSpan.Zero ? Zero : new((long)(bytes * 8.0 / interval.TotalSeconds));

    public int CompareTo(Bitrate other) => BitsPerSecond.CompareTo(other.BitsPerSecond);

    public override string ToString() => $"{BitsPerSecond / 1000} kb/s";
}
