using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=ssrc</c> (RFC 5576 section 4.1).</summary>
/// <param name="Ssrc">The source.</param>
/// <param name="Name">The source attribute's name, for example <c>cname</c>; empty when only the source is declared.</param>
/// <param name="Value">What follows the name's colon; empty when nothing does.</param>
public sealed record SourceAttribute(Ssrc Ssrc, string Name, string Value)
{
    public static bool TryParse(ReadOnlySpan<char> value, out SourceAttribute? source)
    {
        source = null;
        if (!TryCut(value, out Ssrc ssrc, out ReadOnlySpan<char> attribute))
            return false;
        SdpTokens.TryCut(attribute, ':', out ReadOnlySpan<char> name, out ReadOnlySpan<char> text);
        source = new SourceAttribute(ssrc, name.ToString(), text.ToString());
        return true;
    }

    internal static bool TryCut(ReadOnlySpan<char> value, out Ssrc ssrc, out ReadOnlySpan<char> attribute)
    {
        SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> number, out attribute);
        return SdpTokens.TryParseSsrc(number, out ssrc);
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() =>
        Name.Length == 0 ? Ssrc.ToString() : Value.Length == 0 ? $"{Ssrc} {Name}" : $"{Ssrc} {Name}:{Value}";
}
