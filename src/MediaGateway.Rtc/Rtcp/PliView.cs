using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>Picture loss indication (RFC 4585 section 6.3.1).</summary>
public readonly record struct PliView(Ssrc Sender, Ssrc Media)
{
    public static bool TryParse(scoped in RtcpPacketView packet, out PliView view)
    {
        bool valid = FeedbackHeader.Matches(
            packet, RtcpPacketType.PayloadSpecificFeedback, RtcpFeedbackFormat.PictureLossIndication, informationLength: 0);
        view = valid ? new PliView(FeedbackHeader.Sender(packet.Body), FeedbackHeader.Media(packet.Body)) : default;
        return valid;
    }
}
