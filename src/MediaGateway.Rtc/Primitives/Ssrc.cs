namespace MediaGateway.Rtc.Primitives;

/// <summary>Synchronization source identifier (RFC 3550 section 5.1).</summary>
public readonly record struct Ssrc(uint Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
