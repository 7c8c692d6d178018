using System.Globalization;
using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.LoadTester.Clients;

/// <summary>Sections of the clients' offers, and what their answers come to.</summary>
internal static class OfferedTracks
{
    private const RtcpFeedbackKinds VideoFeedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.TransportCc;

    public static OfferedMedia ToSend(TrackSettings track, int index)
    {
        var media = new Ssrc((uint)(1_000 + (2 * index)));
        var source = new LocalSource(media, new Ssrc(media.Value + 1), "load", "load", string.Create(CultureInfo.InvariantCulture, $"track{index}"));
        return Section(track.Codec, index, MediaDirection.Send) with { Source = source };
    }

    public static OfferedMedia ToReceive(CodecKind codec, int index) => Section(codec, index, MediaDirection.Receive);

    /// <exception cref="InvalidOperationException">The answer is none to this offer.</exception>
    public static NegotiatedSession Accept(SessionDescription offer, string answer) =>
        SessionNegotiator.TryAcceptAnswer(offer, Parse(answer), out NegotiatedSession? session, out NegotiationError? error)
            ? session
            : throw new InvalidOperationException($"The server's answer cannot be used: {error}\n{answer}");

    /// <exception cref="InvalidOperationException">It is no session description.</exception>
    public static SessionDescription Parse(string text) =>
        SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? description, out SdpError? error)
            ? description!
            : throw new InvalidOperationException($"The server's description cannot be read: {error}\n{text}");

    private static OfferedMedia Section(CodecKind codec, int index, MediaDirection direction) => new()
    {
        Mid = new Mid(index.ToString(CultureInfo.InvariantCulture)),
        Kind = codec == CodecKind.Opus ? MediaKind.Audio : MediaKind.Video,
        Direction = direction,
        Codecs = [CodecOf(codec)],
        Extensions = codec == CodecKind.Opus
            ? [HeaderExtensionKind.Mid, HeaderExtensionKind.TransportSequenceNumber, HeaderExtensionKind.AudioLevel]
            : [HeaderExtensionKind.Mid, HeaderExtensionKind.TransportSequenceNumber],
    };

    private static RtpCodec CodecOf(CodecKind codec) => codec switch
    {
        CodecKind.Opus => new RtpCodec(codec, default, ClockRate: 48_000, Channels: 2, "minptime=10;useinbandfec=1", null, RtcpFeedbackKinds.TransportCc),
        CodecKind.H264 => new RtpCodec(codec, default, ClockRate: 90_000, Channels: 1, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", default(PayloadType), VideoFeedback),
        CodecKind.Vp9 => new RtpCodec(codec, default, ClockRate: 90_000, Channels: 1, "profile-id=0", default(PayloadType), VideoFeedback),
        _ => new RtpCodec(codec, default, ClockRate: 90_000, Channels: 1, "", default(PayloadType), VideoFeedback),
    };
}
