namespace MediaGateway.Rtc.Negotiation;

/// <summary>What we do with an offered section, as far as its direction allows.</summary>
/// <param name="Receive">Take what the other side sends.</param>
/// <param name="Source">What we send; null for nothing. A source stays with its section: elsewhere, and later, it has another SSRC.</param>
public sealed record SectionDecision(bool Receive, LocalSource? Source)
{
    /// <summary>The section is answered inactive and stays, to be used by a later answer.</summary>
    public static readonly SectionDecision None = new(Receive: false, Source: null);
}
