using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Sessions;

/// <summary>What both ends of one stream of media agree on, whether a description of a session says so or something else.</summary>
/// <param name="Kind">Audio or video.</param>
/// <param name="Codecs">The codecs with their payload types, the preferred one first; at least one.</param>
/// <param name="Extensions">The header extensions with their identifiers.</param>
public sealed record MediaFormat(MediaKind Kind, ImmutableArray<RtpCodec> Codecs, HeaderExtensionMap Extensions)
{
    /// <summary>The format that a negotiated section has.</summary>
    public static MediaFormat Of(NegotiatedMedia media)
    {
        ArgumentNullException.ThrowIfNull(media);
        return new MediaFormat(media.Kind, media.Codecs, media.Extensions);
    }
}
