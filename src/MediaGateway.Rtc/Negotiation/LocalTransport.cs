using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>What our descriptions say about the one transport of a peer.</summary>
/// <param name="UsernameFragment">Our ICE user name fragment.</param>
/// <param name="Password">Our ICE password.</param>
/// <param name="Fingerprint">Of the certificate our DTLS endpoint shows.</param>
/// <param name="Candidates">candidate-attribute values (RFC 8839 section 5.1), without <c>candidate:</c>; all there will be.</param>
public sealed record LocalTransport(
    string UsernameFragment,
    string Password,
    CertificateFingerprint Fingerprint,
    ImmutableArray<string> Candidates)
{
    /// <summary>An ICE-lite agent never sends checks, so the other side has to be a full one (RFC 8445 section 2.5).</summary>
    public bool IsIceLite { get; init; } = true;
}
