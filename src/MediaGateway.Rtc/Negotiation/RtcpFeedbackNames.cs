using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The values of <c>a=rtcp-fb</c> (RFC 4585 section 4.2, RFC 5104 section 7.1) that we know.</summary>
internal static class RtcpFeedbackNames
{
    private static readonly (RtcpFeedbackKinds Kind, string Name)[] Names =
    [
        (RtcpFeedbackKinds.Nack, "nack"),
        (RtcpFeedbackKinds.Pli, "nack pli"),
        (RtcpFeedbackKinds.Fir, "ccm fir"),
        (RtcpFeedbackKinds.TransportCc, "transport-cc"),
        (RtcpFeedbackKinds.Remb, "goog-remb"),
    ];

    /// <summary><see cref="RtcpFeedbackKinds.None"/> for one we don't know.</summary>
    public static RtcpFeedbackKinds Parse(string value) =>
        Names.FirstOrDefault(entry => entry.Name.Equals(value.Trim(' '), StringComparison.OrdinalIgnoreCase)).Kind;

    public static IEnumerable<string> Of(RtcpFeedbackKinds kinds) =>
        Names.Where(entry => kinds.HasFlag(entry.Kind)).Select(entry => entry.Name);
}
