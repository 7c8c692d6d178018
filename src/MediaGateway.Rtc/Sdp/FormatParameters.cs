using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=fmtp</c> (RFC 8866 section 6.15).</summary>
/// <param name="PayloadType">Which format.</param>
/// <param name="Parameters">Everything after the payload type, verbatim.</param>
public sealed record FormatParameters(PayloadType PayloadType, string Parameters)
{
    public static bool TryParse(ReadOnlySpan<char> value, out FormatParameters? parameters)
    {
        parameters = null;
        if (!SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> number, out ReadOnlySpan<char> text)
            || !SdpTokens.TryParsePayloadType(number, out PayloadType payloadType))
            return false;
        parameters = new FormatParameters(payloadType, text.ToString());
        return true;
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => $"{PayloadType} {Parameters}";
}
