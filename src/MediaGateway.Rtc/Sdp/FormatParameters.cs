using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=fmtp</c> (RFC 8866 section 6.15).</summary>
/// <param name="PayloadType">Which format.</param>
/// <param name="Parameters">Everything after the payload type, verbatim.</param>
public sealed record FormatParameters(PayloadType PayloadType, string Parameters)
{
    public static bool TryParse(ReadOnlySpan<char> value, out FormatParameters? parameters)
    {
        parameters = TryCut(value, out PayloadType payloadType, out ReadOnlySpan<char> text)
            ? new FormatParameters(payloadType, text.ToString()) : null;
        return parameters is not null;
    }

    internal static bool TryCut(ReadOnlySpan<char> value, out PayloadType payloadType, out ReadOnlySpan<char> text)
    {
        // Without parameters some write nothing, others a space.
        SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> number, out text);
        return SdpTokens.TryParsePayloadType(number, out payloadType);
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => $"{PayloadType} {Parameters}";
}
