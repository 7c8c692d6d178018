using System.Globalization;

namespace MediaGateway.Rtc.Codecs;

/// <summary>Reads the format parameters of <c>a=fmtp</c>: <c>key=value</c> pairs with semicolons between them.</summary>
public static class CodecParameters
{
    /// <summary>The first value of a key; keys compare without case (RFC 6838 section 4.3).</summary>
    /// <param name="fmtp">The value of <c>a=fmtp</c> without the payload type.</param>
    /// <param name="key">Name of the parameter.</param>
    /// <param name="value">Its value without blanks around it; empty for a parameter without one.</param>
    public static bool TryGet(ReadOnlySpan<char> fmtp, ReadOnlySpan<char> key, out ReadOnlySpan<char> value)
    {
        foreach (Range range in fmtp.Split(';'))
        {
            ReadOnlySpan<char> parameter = fmtp[range].Trim();
            int equals = parameter.IndexOf('=');
            ReadOnlySpan<char> name = equals < 0 ? parameter : parameter[..equals].TrimEnd();
            if (!name.IsEmpty && name.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                value = equals < 0 ? default : parameter[(equals + 1)..].TrimStart();
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>Joins two values of <c>a=fmtp</c>: of a parameter that is in both, the first stands.</summary>
    public static string Join(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        // A value that is no list of parameters, as the blocks of redundant audio (RFC 2198 section 5), has nothing to join.
        if (first.Length == 0)
            return second;
        if (!first.Contains('=', StringComparison.Ordinal) || first == second)
            return first;
        foreach (string parameter in second.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryGet(first, parameter.Split('=')[0].TrimEnd(), out _))
                first = $"{first};{parameter}";
        }
        return first;
    }

    /// <summary>A parameter that is a decimal number, or what it stands for when absent; false when it is there and no number.</summary>
    public static bool TryGetNumber(ReadOnlySpan<char> fmtp, ReadOnlySpan<char> key, int absent, out int value)
    {
        value = absent;
        return !TryGet(fmtp, key, out ReadOnlySpan<char> text)
            || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
