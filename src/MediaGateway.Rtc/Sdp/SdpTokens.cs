using System.Buffers;
using System.Globalization;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>The small words that attribute values are made of.</summary>
internal static class SdpTokens
{
    private const int MaxTokenLength = 255;

    private static readonly SearchValues<char> Visible =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c)]);

    /// <summary>Visible ASCII without the space: looser than RFC 8866's <c>token</c>, because browsers put braces in ids.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxTokenLength && !text.ContainsAnyExcept(Visible);

    /// <summary>One or more tokens with one space between two.</summary>
    public static bool AreTokens(ReadOnlySpan<char> text)
    {
        foreach (Range word in text.Split(' '))
        {
            if (!IsToken(text[word]))
                return false;
        }
        return true;
    }

    /// <summary>rid-id (RFC 8851 section 10). RFC 8852 section 3.1 has no <c>-</c> and <c>_</c>; both are in use.</summary>
    public static bool IsRid(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not '-' and not '_')
                return false;
        }
        return text.Length is > 0 and <= MaxTokenLength;
    }

    /// <summary>
    /// ice-char (RFC 8839 section 5.4) and, as browsers take them too, the further characters of base64url and <c>#</c>: credentials are
    /// compared as text and never read.
    /// </summary>
    public static bool IsIceText(ReadOnlySpan<char> text, int minLength)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not '+' and not '/' and not '-' and not '_' and not '=' and not '#')
                return false;
        }
        return text.Length >= minLength && text.Length <= 256;
    }

    public static bool TryParsePayloadType(ReadOnlySpan<char> text, out PayloadType payloadType)
    {
        bool valid = TryParseNumber(text, 127, out uint number);
        payloadType = new PayloadType((byte)number);
        return valid;
    }

    public static bool TryParseSsrc(ReadOnlySpan<char> text, out Ssrc ssrc)
    {
        bool valid = TryParseNumber(text, uint.MaxValue, out uint number);
        ssrc = new Ssrc(number);
        return valid;
    }

    /// <summary>Decimal digits only: no sign, no space. Zero when not valid.</summary>
    public static bool TryParseNumber(ReadOnlySpan<char> text, uint max, out uint number)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max)
            return true;
        number = 0;
        return false;
    }

    /// <summary>Cuts at the first <paramref name="separator"/>; false when there is none.</summary>
    public static bool TryCut(ReadOnlySpan<char> text, char separator, out ReadOnlySpan<char> before, out ReadOnlySpan<char> after)
    {
        int index = text.IndexOf(separator);
        before = index < 0 ? text : text[..index];
        after = index < 0 ? default : text[(index + 1)..];
        return index >= 0;
    }
}
