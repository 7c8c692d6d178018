namespace MediaGateway.Server.Tests.Signaling;

internal static class Descriptions
{
    /// <summary>One section; the fake room only counts it.</summary>
    public const string Audio =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 "
            + "0.0.0.0\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n";
}
