namespace MediaGateway.Rtc.Primitives;

/// <summary>RTP payload type, 0-127 (RFC 3550 section 5.1). Browsers use 35-65 as well as 96-127.</summary>
public readonly record struct PayloadType(byte Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
