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
        mapping = TryCut(value, out int id, out MediaDirection? direction, out ReadOnlySpan<char> uri, out ReadOnlySpan<char> attributes)
            ? new ExtensionMapping(id, direction, uri.ToString(), attributes.ToString())
            : null;
        return mapping is not null;
    }

    internal static bool TryCut(
        ReadOnlySpan<char> value, out int id, out MediaDirection? direction, out ReadOnlySpan<char> uri, out ReadOnlySpan<char> attributes)
    {
        SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> head, out ReadOnlySpan<char> rest);
        SdpTokens.TryCut(rest, ' ', out uri, out attributes);
        bool hasSuffix = SdpTokens.TryCut(head, '/', out ReadOnlySpan<char> digits, out ReadOnlySpan<char> suffix);
        bool isDirection = MediaDirections.TryParse(suffix, out MediaDirection one);
        direction = hasSuffix ? one : null;
        bool isNumber = SdpTokens.TryParseNumber(digits, ushort.MaxValue, out uint number);
        id = (int)number;
        return isNumber && id > 0 && !uri.IsEmpty && (isDirection || !hasSuffix);
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString()
    {
        string suffix = Direction is { } direction ? "/" + direction.ToSdp() : "";
        string attributes = Attributes.Length == 0 ? "" : " " + Attributes;
        return string.Create(CultureInfo.InvariantCulture, $"{Id}{suffix} {Uri}{attributes}");
    }
}
