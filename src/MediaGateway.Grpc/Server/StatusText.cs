using System.Globalization;
using System.Text;

namespace MediaGateway.Grpc.Server;

/// <summary>A status message in a header: percent-encoded UTF-8 (PROTOCOL-HTTP2.md, "Responses").</summary>
internal static class StatusText
{
    /// <summary>Longer ones would break through a client's limit on headers, and the call with it.</summary>
    public const int MaxLength = 2048;

    public static string Encode(string text)
    {
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%', StringComparison.Ordinal))
            return text;
        var encoded = new StringBuilder();
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (value is >= 0x20 and <= 0x7E and not (byte)'%')
                encoded.Append((char)value);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        return encoded.ToString();
    }

    public static string Decode(string text) => Uri.UnescapeDataString(text);
}
