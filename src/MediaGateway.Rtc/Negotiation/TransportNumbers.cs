using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;

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
        AreUsable(kind, codecs) && HasFeedback(codecs);

    private static bool HasRetransmission(ImmutableArray<RtpCodec> codecs)
    {
        foreach (RtpCodec codec in codecs)
        {
            if (codec.RetransmissionPayloadType is not null)
                return true;
        }
        return false;
    }

    private static bool HasFeedback(ImmutableArray<RtpCodec> codecs)
    {
        foreach (RtpCodec codec in codecs)
        {
            if ((codec.Feedback & RtcpFeedbackKinds.TransportCc) != 0)
                return true;
        }
        return false;
    }
}
