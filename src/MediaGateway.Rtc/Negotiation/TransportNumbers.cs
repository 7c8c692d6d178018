using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// The rule for transport-wide numbers on what we send. Feedback about them comes only where a section has both lines; and a packet with a
/// number can be sent again only on an RTX stream, where it is another packet.
/// </summary>
internal static class TransportNumbers
{
    /// <summary>Tells whether packets of a section may carry a number, as far as its codecs decide. Sound is seldom sent again.</summary>
    public static bool AreUsable(MediaKind kind, ImmutableArray<RtpCodec> codecs) =>
        kind == MediaKind.Audio || HasRetransmission(codecs);

    /// <summary>Tells whether feedback about the numbers was agreed on, and they are usable.</summary>
    public static bool AreAgreed(MediaKind kind, ImmutableArray<RtpCodec> codecs) =>
        AreUsable(kind, codecs) && HasFeedback(codecs, RtcpFeedbackKinds.TransportCc);

    /// <summary>
    /// Tells whether an offered section is to have the receiver's own estimate (REMB), and the time of sending in each packet that it
    /// needs: where numbers cannot be had. A packet with such a time cannot be sent again as it was either.
    /// </summary>
    public static bool AreReplacedByMaximum(MediaDescription offered, MediaKind kind, ImmutableArray<RtpCodec> codecs) =>
        kind == MediaKind.Video
        && AreUsable(kind, codecs)
        && HasFeedback(codecs, RtcpFeedbackKinds.Remb)
        && !(HasFeedback(codecs, RtcpFeedbackKinds.TransportCc) && HasExtension(offered));

    private static bool HasExtension(MediaDescription offered)
    {
        foreach (ExtensionMapping mapping in offered.ExtensionMappings)
        {
            if (HeaderExtensionUris.TryGetKind(mapping.Uri, out HeaderExtensionKind kind)
                && kind == HeaderExtensionKind.TransportSequenceNumber)
                return true;
        }
        return false;
    }

    private static bool HasRetransmission(ImmutableArray<RtpCodec> codecs)
    {
        foreach (RtpCodec codec in codecs)
        {
            if (codec.RetransmissionPayloadType is not null)
                return true;
        }
        return false;
    }

    private static bool HasFeedback(ImmutableArray<RtpCodec> codecs, RtcpFeedbackKinds kind)
    {
        foreach (RtpCodec codec in codecs)
        {
            if ((codec.Feedback & kind) != 0)
                return true;
        }
        return false;
    }
}
