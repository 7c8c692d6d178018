using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Server.Tests.Support;

/// <summary>A browser's offer that sends one audio and one video track, called <c>mic</c> and <c>cam</c>.</summary>
internal static class PublishingOffer
{
    private const string Transport =
        "c=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\na=rtcp-mux\r\n"
        + "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n";

    private const string Text =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
        + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" + Transport
            + "a=mid:0\r\na=sendonly\r\na=msid:s mic\r\na=rtpmap:111 opus/48000/2\r\na=ssrc:1 cname:c\r\n"
        + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" + Transport
            + "a=mid:1\r\na=sendonly\r\na=msid:s cam\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=ssrc:2 cname:c\r\n";

    public static SessionDescription Create() =>
        SessionDescription.TryParse(Text, SdpLimits.Default, out SessionDescription? offer, out SdpError? error)
        ? offer!
        : throw new InvalidOperationException(error!.ToString());
}
