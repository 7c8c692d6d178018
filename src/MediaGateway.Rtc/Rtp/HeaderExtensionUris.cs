namespace MediaGateway.Rtc.Rtp;

/// <summary>The URIs that name header extensions in <c>a=extmap</c> (RFC 8285 section 5), as browsers write them.</summary>
public static class HeaderExtensionUris
{
    private static readonly string[] Uris =
    [
        "urn:ietf:params:rtp-hdrext:sdes:mid",
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "urn:3gpp:video-orientation",
        "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
        "urn:ietf:params:rtp-hdrext:toffset",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
        "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type",
        "http://www.webrtc.org/experiments/rtp-hdrext/video-timing",
        "http://www.webrtc.org/experiments/rtp-hdrext/color-space",
        "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00",
    ];

    public static string Of(HeaderExtensionKind kind) => Uris[(int)kind];

    public static bool TryGetKind(ReadOnlySpan<char> uri, out HeaderExtensionKind kind)
    {
        for (int i = 0; i < Uris.Length; i++)
        {
            if (uri.SequenceEqual(Uris[i]))
            {
                kind = (HeaderExtensionKind)i;
                return true;
            }
        }
        kind = default;
        return false;
    }
}
