using System.Globalization;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=extmap</c> (RFC 8285 section 5).</summary>
/// <param name="Id">1-14 in the one-byte form, up to 255 in the two-byte form; 4096-4351 means "choose one".</param>
/// <param name="Direction">The suffix, seen from the writer; null without one.</param>
/// <param name="Uri">What the extension means.</param>
/// <param name="Attributes">What follows the URI; empty when nothing does.</param>
public sealed record ExtensionMapping(int Id, MediaDirection? Direction, string Uri, string Attributes)
{
    public static bool TryParse(ReadOnlySpan<char> value, out ExtensionMapping? mapping)
    {
        mapping = null;
        if (!SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> head, out ReadOnlySpan<char> rest))
            return false;
        MediaDirection? direction = null;
        if (SdpTokens.TryCut(head, '/', out ReadOnlySpan<char> id, out ReadOnlySpan<char> suffix))
        {
            if (!MediaDirections.TryParse(suffix, out MediaDirection one))
                return false;
            direction = one;
        }
        SdpTokens.TryCut(rest, ' ', out ReadOnlySpan<char> uri, out ReadOnlySpan<char> attributes);
        if (!SdpTokens.TryParseNumber(id, ushort.MaxValue, out uint number) || number == 0 || uri.IsEmpty)
            return false;
        mapping = new ExtensionMapping((int)number, direction, uri.ToString(), attributes.ToString());
        return true;
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString()
    {
        string suffix = Direction is { } direction ? "/" + direction.ToSdp() : "";
        string attributes = Attributes.Length == 0 ? "" : " " + Attributes;
        return string.Create(CultureInfo.InvariantCulture, $"{Id}{suffix} {Uri}{attributes}");
    }
}
