using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Our decision on an offered section, as far as the section's direction allows it.</summary>
/// <param name="Receive">True to receive what the other side sends.</param>
/// <param name="Source">
/// Source that we send; null for none. A source belongs to its section: another section, or a later one, needs another SSRC.
/// </param>
public sealed record SectionDecision(bool Receive, LocalSource? Source)
{
    /// <summary>
    /// Codec in which we prefer to receive, if it was offered. It comes first in the answer, and the other side sends what comes
    /// first (RFC 3264 section 7). Null keeps the offer's order.
    /// </summary>
    public CodecKind? PreferredCodec { get; init; }

    /// <summary>The section is answered inactive and stays, to be used by a later answer.</summary>
    public static readonly SectionDecision None = new(Receive: false, Source: null);
}
