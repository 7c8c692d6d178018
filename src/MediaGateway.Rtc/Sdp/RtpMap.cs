using System.Globalization;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=rtpmap</c> (RFC 8866 section 6.6).</summary>
/// <param name="PayloadType">The number that stands for the encoding in this section.</param>
/// <param name="EncodingName">As written; compared without regard to case.</param>
/// <param name="ClockRate">Hz.</param>
/// <param name="Channels">Audio channels; 1 when not given.</param>
public sealed record RtpMap(PayloadType PayloadType, string EncodingName, int ClockRate, int Channels)
{
    public static bool TryParse(ReadOnlySpan<char> value, out RtpMap? map)
    {
        map = null;
        if (!SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> number, out ReadOnlySpan<char> encoding)
            || !SdpTokens.TryParsePayloadType(number, out PayloadType payloadType)
            || !SdpTokens.TryCut(encoding.TrimEnd(' '), '/', out ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
            || !SdpTokens.IsToken(name))
            return false;
        uint channels = 1;
        if (SdpTokens.TryCut(rest, '/', out ReadOnlySpan<char> clock, out ReadOnlySpan<char> parameters)
            && !SdpTokens.TryParseNumber(parameters, 255, out channels))
            return false;
        if (!SdpTokens.TryParseNumber(clock, int.MaxValue, out uint clockRate) || clockRate == 0)
            return false;
        map = new RtpMap(payloadType, name.ToString(), (int)clockRate, (int)channels);
        return true;
    }

    public bool IsEncoding(string name) => EncodingName.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The attribute's value.</summary>
    public override string ToString() => Channels == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {EncodingName}/{ClockRate}")
        : string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {EncodingName}/{ClockRate}/{Channels}");
}
