using System.Collections.Immutable;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>An audio or video section and what we answer to it.</summary>
/// <param name="Offer">The section as offered.</param>
/// <param name="Media">What was agreed.</param>
/// <param name="Extensions">The <c>a=extmap</c> lines of the answer.</param>
/// <param name="Encodings">The <c>a=rid</c> lines of the answer.</param>
internal sealed record AnsweredMedia(
    MediaDescription Offer,
    NegotiatedMedia Media,
    ImmutableArray<ExtensionMapping> Extensions,
    ImmutableArray<RidDescription> Encodings)
    : AnsweredSection(Offer, Media.Mid)
{
    /// <summary>True when media flows in the section, in either direction.</summary>
    public bool IsActive => Media.Receiving || Media.Sending;
}
