using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary><c>a=rtcp-fb</c> (RFC 4585 section 4.2).</summary>
/// <param name="PayloadType">Which format; null for <c>*</c>, all of the section.</param>
/// <param name="Value">The feedback, for example <c>nack pli</c>.</param>
public sealed record RtcpFeedback(PayloadType? PayloadType, string Value)
{
    public static bool TryParse(ReadOnlySpan<char> value, out RtcpFeedback? feedback)
    {
        feedback = null;
        if (!SdpTokens.TryCut(value, ' ', out ReadOnlySpan<char> format, out ReadOnlySpan<char> kind) || kind.IsEmpty)
            return false;
        PayloadType? payloadType = null;
        if (format is not "*")
        {
            if (!SdpTokens.TryParsePayloadType(format, out PayloadType one))
                return false;
            payloadType = one;
        }
        feedback = new RtcpFeedback(payloadType, kind.ToString());
        return true;
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString() => $"{PayloadType?.ToString() ?? "*"} {Value}";
}
