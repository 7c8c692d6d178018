using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>Small offers for the rules, one at a time.</summary>
internal static class Offers
{
    public const string Transport = """
        a=ice-ufrag:abcd
        a=ice-pwd:abcdabcdabcdabcdabcdabcd
        a=fingerprint:sha-256 1F:48:CB:38:8F:DF:10:87:C4:FF:F1:95:71:1B:E4:28:04:BC:9E:05:6A:FB:37:55:75:4E:F0:6D:3E:E6:69:B4
        a=setup:actpass

        """;

    public const string Opus = "a=rtpmap:111 opus/48000/2\n";
    public const string Vp8 = "a=rtpmap:96 VP8/90000\n";

    public static string Session(string lines) => $"v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\n{lines}";

    public static string Audio(string mid, string lines, string formats = "111") => Section("audio", mid, formats, lines);

    public static string Video(string mid, string lines, string formats = "96") => Section("video", mid, formats, lines);

    public static SessionDescription Parse(string text) => SdpFixtures.Parse(text);

    /// <summary>An offer of one video section, mid 0.</summary>
    public static SessionDescription OfVideo(string lines, string formats = "96") =>
        Parse(Session("a=group:BUNDLE 0\n") + Video("0", "a=sendonly\n" + lines, formats));

    /// <summary>An offer of one audio section, mid 0.</summary>
    public static SessionDescription OfAudio(string lines, string formats = "111") =>
        Parse(Session("a=group:BUNDLE 0\n") + Audio("0", "a=sendonly\n" + lines, formats));

    private static string Section(string kind, string mid, string formats, string lines) =>
        $"m={kind} 9 UDP/TLS/RTP/SAVPF {formats}\nc=IN IP4 0.0.0.0\na=mid:{mid}\na=rtcp-mux\n{Transport}{lines}";
}
