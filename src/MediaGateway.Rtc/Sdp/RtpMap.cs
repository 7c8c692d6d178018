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
        map = TryCut(value, out PayloadType payloadType, out ReadOnlySpan<char> name, out int clockRate, out int channels)
            ? new RtpMap(payloadType, name.ToString(), clockRate, channels)
            : null;
        return map is not null;
    }

    internal static bool TryCut(ReadOnlySpan<char> value, out PayloadType payloadType, out ReadOnlySpan<char> name, out int clockRate,
        out int channels)
    {
        SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> number, out ReadOnlySpan<char> encoding);
        SdpTokens.TryCut(encoding.TrimEnd(' '), '/', out name, out ReadOnlySpan<char> rest);
        bool hasChannels = SdpTokens.TryCut(rest, '/', out ReadOnlySpan<char> clock, out ReadOnlySpan<char> parameters);
        bool areChannels = SdpTokens.TryParseNumber(parameters, 255, out uint several);
        channels = hasChannels ? (int)several : 1;
        bool isRate = SdpTokens.TryParseNumber(clock, int.MaxValue, out uint rate);
        clockRate = (int)rate;
        return SdpTokens.TryParsePayloadType(number, out payloadType)
            && SdpTokens.IsToken(name)
            && isRate && rate > 0
            && (areChannels || !hasChannels);
    }

    public bool IsEncoding(string name) => EncodingName.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The attribute's value.</summary>
    public override string ToString() => Channels == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {EncodingName}/{ClockRate}")
        : string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {EncodingName}/{ClockRate}/{Channels}");
}
