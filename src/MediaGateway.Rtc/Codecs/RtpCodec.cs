using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Codecs;

/// <summary>One codec as negotiated for one media section.</summary>
/// <param name="Kind">Which codec.</param>
/// <param name="PayloadType">Its payload type in this section.</param>
/// <param name="ClockRate">RTP clock rate, Hz.</param>
/// <param name="Channels">Audio channels; 1 for video.</param>
/// <param name="Parameters">The value of <c>a=fmtp</c>, verbatim; empty when absent.</param>
/// <param name="RetransmissionPayloadType">The RTX payload type whose <c>apt</c> is this one (RFC 4588); null without RTX.</param>
/// <param name="Feedback">Negotiated RTCP feedback.</param>
public sealed record RtpCodec(
    CodecKind Kind,
    PayloadType PayloadType,
    int ClockRate,
    int Channels,
    string Parameters,
    PayloadType? RetransmissionPayloadType,
    RtcpFeedbackKinds Feedback)
{
    public MediaKind MediaKind => Kind is CodecKind.Opus or CodecKind.Red ? MediaKind.Audio : MediaKind.Video;
}
