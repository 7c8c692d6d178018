using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

internal static class Policies
{
    public const string Fingerprint =
        "sha-256 E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55";

    public static readonly LocalTransport Transport = new(
        "localufrag", "localpasswordlocalpassword", CertificateFingerprint.Of([]), ["1 1 udp 2130706431 198.51.100.1 7882 typ host"]);

    /// <summary>WHIP: we receive.</summary>
    public static readonly AnswerPolicy Receive = new() { Transport = Transport, SessionId = 42, Direction = MediaDirection.Receive };

    /// <summary>WHEP: we send.</summary>
    public static readonly AnswerPolicy Send = new()
    {
        Transport = Transport,
        SessionId = 42,
        Direction = MediaDirection.Send,
        CreateLocalSource = (mid, kind) => kind == MediaKind.Audio
            ? new LocalSource(new Ssrc(1000), new Ssrc(1001), "cname", "stream", "audio")
            : new LocalSource(new Ssrc(2000), new Ssrc(2001), "cname", "stream", "video"),
    };

    public static RtpCodec Codec(CodecKind kind, string parameters = "", byte payloadType = 50, byte? retransmission = null) => new(
        kind,
        new PayloadType(payloadType),
        kind is CodecKind.Opus or CodecKind.Red ? 48_000 : 90_000,
        kind is CodecKind.Opus or CodecKind.Red ? 2 : 1,
        parameters,
        retransmission is { } rtx ? new PayloadType(rtx) : null,
        RtcpFeedbackKinds.None);

    /// <summary>Makes the offer of a viewer: a publisher's offer with the direction reversed and without its streams.</summary>
    public static SessionDescription ViewerOffer(string fixture)
    {
        IEnumerable<string> lines = SdpFixtures.Text(fixture).Split("\r\n")
            .Where(line => !line.StartsWith("a=simulcast", StringComparison.Ordinal) && !line.StartsWith("a=rid", StringComparison.Ordinal))
            .Select(line => line is "a=sendonly" or "a=sendrecv" ? "a=recvonly" : line);
        return SdpFixtures.Parse(string.Join("\r\n", lines));
    }

    public static NegotiatedSession Answer(SessionDescription offer, AnswerPolicy policy)
    {
        Assert.True(SessionNegotiator.TryAnswer(offer, policy, out NegotiatedSession? session, out NegotiationError? error),
            error?.ToString());
        return session!;
    }

    public static NegotiationError Refuse(SessionDescription offer, AnswerPolicy policy)
    {
        Assert.False(SessionNegotiator.TryAnswer(offer, policy, out NegotiatedSession? session, out NegotiationError? error));
        Assert.Null(session);
        return error!;
    }

    public static IEnumerable<int> PayloadTypes(ImmutableArray<RtpCodec> codecs) => codecs.Select(codec => (int)codec.PayloadType.Value);

    /// <summary>The lines of a golden text, so that a difference is shown line by line.</summary>
    public static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
