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

    /// <summary>The accepted sections in the order of their <c>m=</c> lines; never empty.</summary>
    public required ImmutableArray<NegotiatedMedia> Media { get; init; }

    /// <summary>Our answer, or the offer of ours that was answered.</summary>
    public required SessionDescription LocalDescription { get; init; }
}
