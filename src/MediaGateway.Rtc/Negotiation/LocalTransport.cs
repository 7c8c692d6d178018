using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Transport parameters of a peer as our descriptions state them.</summary>
/// <param name="UsernameFragment">Our ICE user name fragment.</param>
/// <param name="Password">Our ICE password.</param>
/// <param name="Fingerprint">Fingerprint of the certificate that our DTLS endpoint presents.</param>
/// <param name="Candidates">
/// candidate-attribute values (RFC 8839 section 5.1), without <c>candidate:</c>. The list is complete: none follow later.
/// </param>
public sealed record LocalTransport(
    string UsernameFragment,
    string Password,
    CertificateFingerprint Fingerprint,
    ImmutableArray<string> Candidates)
{
    /// <summary>An ICE-lite agent never sends checks, so the other side has to be a full one (RFC 8445 section 2.5).</summary>
    public bool IsIceLite { get; init; } = true;
}
