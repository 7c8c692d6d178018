using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>
/// Media types of the codecs we forward (RFC 7587, RFC 2198, RFC 7741, RFC 9628, RFC 6184, RFC 7798, AV1 RTP specification).
/// </summary>
public static class MimeTypes
{
    /// <summary>Media type that a track is most likely to have, for use before it is negotiated.</summary>
    public static string UsualOf(MediaKind kind) => Of(kind == MediaKind.Audio ? CodecKind.Opus : CodecKind.Vp8);

    public static bool TryParse(string mimeType, out CodecKind kind)
    {
        foreach (CodecKind candidate in Enum.GetValues<CodecKind>())
        {
            kind = candidate;
            if (Of(candidate).Equals(mimeType, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        kind = default;
        return false;
    }

    public static string Of(CodecKind kind) => (kind is CodecKind.Opus or CodecKind.Red ? "audio/" : "video/") + CodecNames.Of(kind);
}
