using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>What we do with an offered section, as far as its direction allows.</summary>
/// <param name="Receive">Take what the other side sends.</param>
/// <param name="Source">What we send; null for nothing. A source stays with its section: elsewhere, and later, it has another SSRC.</param>
public sealed record SectionDecision(bool Receive, LocalSource? Source)
{
    /// <summary>
    /// What it is to be received in, if it was offered: it comes first in the answer, and the other side sends what comes
    /// first (RFC 3264 section 7). Null for the offer's order.
    /// </summary>
    public CodecKind? PreferredCodec { get; init; }

    /// <summary>The section is answered inactive and stays, to be used by a later answer.</summary>
    public static readonly SectionDecision None = new(Receive: false, Source: null);
}
