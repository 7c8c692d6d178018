using System.Collections.Immutable;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The outcome of an offer and its answer: everything a peer's transport and streams need to know.</summary>
public sealed record NegotiatedSession
{
    public required RemoteIce Ice { get; init; }

    public required DtlsRole LocalDtlsRole { get; init; }

    /// <summary>The other side's certificate must match one of these (RFC 8122 section 5); never empty.</summary>
    public required ImmutableArray<CertificateFingerprint> RemoteFingerprints { get; init; }

    /// <summary>
    /// The accepted sections in the order of their <c>m=</c> lines, those in which nothing flows included; empty only in a
    /// session of data channels alone.
    /// </summary>
    public required ImmutableArray<NegotiatedMedia> Media { get; init; }

    /// <summary>The section of data channels; null without one.</summary>
    public NegotiatedData? Data { get; init; }

    /// <summary>Our answer, or the offer of ours that was answered.</summary>
    public required SessionDescription LocalDescription { get; init; }

    /// <summary>
    /// Our ICE user name fragment, which names the ICE session: that of the first section in use, since rejected ones have none.
    /// </summary>
    public string LocalUsernameFragment =>
        LocalDescription.Media.Select(media => media.IceUsernameFragment).FirstOrDefault(text => text is not null)
        ?? LocalDescription.IceUsernameFragment
        ?? throw new InvalidOperationException("A condensed description has no credentials.");

    /// <summary>
    /// The same, with no more of the local description than an ICE restart needs: for who keeps it and has sent the rest.
    /// </summary>
    public NegotiatedSession Condensed() => this with { LocalDescription = LocalDescription.Condensed() };

    /// <summary>Identifiers of all accepted sections.</summary>
    internal IEnumerable<Mid> Mids => Data is { } data ? Media.Select(media => media.Mid).Append(data.Mid)
        : Media.Select(media => media.Mid);
}
