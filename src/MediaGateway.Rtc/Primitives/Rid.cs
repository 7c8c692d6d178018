namespace MediaGateway.Rtc.Primitives;

/// <summary>RTP stream identifier of one simulcast encoding, <c>a=rid</c> (RFC 8851, RFC 8852).</summary>
public readonly record struct Rid(string Value)
{
    public override string ToString() => Value;
}
