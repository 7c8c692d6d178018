using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Testing.Workers;

/// <summary>
/// The offer of a <see cref="RemotePeer"/>: Opus, and video in every codec that is forwarded, with retransmission.
/// A publisher declares its sources.
/// </summary>
public static class RemoteOffer
{
    public const byte MidExtension = 4;
    public const byte TransportSequenceExtension = 3;

    public static readonly Ssrc Audio = new(0x1001);
    public static readonly Ssrc Video = new(0x2001);
    public static readonly Ssrc VideoRetransmission = new(0x2002);

    public static readonly PayloadType Opus = new(111);
    public static readonly PayloadType Vp8 = new(96);
    public static readonly PayloadType Vp8Retransmission = new(97);

    private static readonly (int PayloadType, string Codec, string? Parameters)[] VideoCodecs =
    [
        (96, "VP8", null),
        (98, "VP9", "profile-id=0"),
        (102, "H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
        (45, "AV1", "level-idx=5;profile=0;tier=0"),
    ];

    /// <summary>Every payload type that the offer names.</summary>
    public static IReadOnlyList<PayloadType> PayloadTypes { get; } =
        [Opus, .. VideoCodecs.SelectMany(codec => new[] { codec.PayloadType, codec.PayloadType + 1 })
            .Select(value => new PayloadType((byte)value))];

    /// <exception cref="InvalidOperationException">A bug of this class: the text is no description.</exception>
    public static SessionDescription Create(MediaDirection direction, IceCredentials ice, CertificateFingerprint fingerprint)
    {
        string transport = $"""
            c=IN IP4 0.0.0.0
            a=ice-ufrag:{ice.UsernameFragment}
            a=ice-pwd:{ice.Password}
            a=fingerprint:{fingerprint}
            a=setup:actpass
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:{TransportSequenceExtension} http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=extmap:{MidExtension} urn:ietf:params:rtp-hdrext:sdes:mid
            a={(direction == MediaDirection.Send ? "sendonly" : "recvonly")}
            """;
        bool declares = direction == MediaDirection.Send;
        string text = $"""
            v=0
            o=- 1 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1
            m=audio 9 UDP/TLS/RTP/SAVPF {Opus.Value}
            {transport}
            a=mid:0
            a=rtpmap:{Opus.Value} opus/48000/2
            a=rtcp-fb:{Opus.Value} transport-cc
            {(declares ? $"a=ssrc:{Audio.Value} cname:remote" : "a=x-none")}
            m=video 9 UDP/TLS/RTP/SAVPF {string.Join(' ', VideoCodecs.Select(codec => $"{codec.PayloadType} {codec.PayloadType + 1}"))}
            {transport}
            a=mid:1
            {string.Join('\n', VideoCodecs.Select(codec => VideoLines(codec.PayloadType, codec.Codec, codec.Parameters)))}
            {(declares ? VideoSources() : "a=x-none")}

            """;
        text = text.ReplaceLineEndings("\r\n");
        return SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? offer, out SdpError? error)
            ? offer!
            : throw new InvalidOperationException($"The offer is malformed: {error}");
    }

    private static string VideoLines(int payloadType, string codec, string? parameters) => $"""
        a=rtpmap:{payloadType} {codec}/90000
        a=rtcp-fb:{payloadType} nack
        a=rtcp-fb:{payloadType} nack pli
        a=rtcp-fb:{payloadType} ccm fir
        a=rtcp-fb:{payloadType} transport-cc
        {(parameters is null ? "a=x-none" : $"a=fmtp:{payloadType} {parameters}")}
        a=rtpmap:{payloadType + 1} rtx/90000
        a=fmtp:{payloadType + 1} apt={payloadType}
        """;

    private static string VideoSources() => $"""
        a=ssrc-group:FID {Video.Value} {VideoRetransmission.Value}
        a=ssrc:{Video.Value} cname:remote
        a=ssrc:{VideoRetransmission.Value} cname:remote
        """;
}
