using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The values of <c>a=rtcp-fb</c> (RFC 4585 section 4.2, RFC 5104 section 7.1) that we know.</summary>
internal static class RtcpFeedbackNames
{
    public static ImmutableArray<(RtcpFeedbackKinds Kind, string Name)> All { get; } =
    [
        (RtcpFeedbackKinds.Nack, "nack"),
        (RtcpFeedbackKinds.Pli, "nack pli"),
        (RtcpFeedbackKinds.Fir, "ccm fir"),
        (RtcpFeedbackKinds.TransportCc, "transport-cc"),
        (RtcpFeedbackKinds.Remb, "goog-remb"),
    ];

    /// <summary><see cref="RtcpFeedbackKinds.None"/> for one we don't know.</summary>
    public static RtcpFeedbackKinds Parse(ReadOnlySpan<char> value)
    {
        foreach ((RtcpFeedbackKinds kind, string name) in All)
        {
            if (value.Trim(' ').Equals(name, StringComparison.OrdinalIgnoreCase))
                return kind;
        }
        return RtcpFeedbackKinds.None;
    }
}
