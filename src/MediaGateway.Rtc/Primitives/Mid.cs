namespace MediaGateway.Rtc.Primitives;

/// <summary>Media section identifier, <c>a=mid</c> (RFC 5888) and its RTP header extension (RFC 9143).</summary>
public readonly record struct Mid(string Value)
{
    public override string ToString() => Value;
}
