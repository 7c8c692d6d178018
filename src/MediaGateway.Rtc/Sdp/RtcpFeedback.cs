using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=rtcp-fb</c> (RFC 4585 section 4.2).</summary>
/// <param name="PayloadType">Which format; null for <c>*</c>, all of the section.</param>
/// <param name="Value">The feedback, for example <c>nack pli</c>.</param>
public sealed record RtcpFeedback(PayloadType? PayloadType, string Value)
{
    public static bool TryParse(ReadOnlySpan<char> value, out RtcpFeedback? feedback)
    {
        feedback = TryCut(value, out PayloadType? payloadType, out ReadOnlySpan<char> kind) ? new RtcpFeedback(payloadType, kind.ToString())
            : null;
        return feedback is not null;
    }

    internal static bool TryCut(ReadOnlySpan<char> value, out PayloadType? payloadType, out ReadOnlySpan<char> kind)
    {
        SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> format, out kind);
        bool isForAll = format is "*";
        bool isNumber = SdpTokens.TryParsePayloadType(format, out PayloadType one);
        payloadType = isForAll ? null : one;
        return !kind.IsEmpty && (isForAll || isNumber);
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => $"{PayloadType?.ToString() ?? "*"} {Value}";
}
