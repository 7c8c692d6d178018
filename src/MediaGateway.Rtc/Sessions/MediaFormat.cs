using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Sessions;

/// <summary>Format of one stream of media that both ends agree on, whether by a session description or by other means.</summary>
/// <param name="Kind">Audio or video.</param>
/// <param name="Codecs">The codecs with their payload types, the preferred one first; at least one.</param>
/// <param name="Extensions">The header extensions with their identifiers.</param>
public sealed record MediaFormat(MediaKind Kind, ImmutableArray<RtpCodec> Codecs, HeaderExtensionMap Extensions)
{
    /// <summary>True when what is sent carries transport-wide numbers, for which the receiver sends feedback.</summary>
    public bool IsNumbered { get; init; }

    /// <summary>The format that a negotiated section has.</summary>
    public static MediaFormat Of(NegotiatedMedia media)
    {
        ArgumentNullException.ThrowIfNull(media);
        return new MediaFormat(media.Kind, media.Codecs, media.Extensions) { IsNumbered = media.IsNumbered };
    }
}
