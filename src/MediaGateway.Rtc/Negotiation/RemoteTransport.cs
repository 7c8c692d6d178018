using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// The transport of a bundle as the other side describes it: the attributes of the tagged section, of the session
/// level where it says nothing, and last of the section its group names first, since a bundle-only section may carry
/// none of its own (RFC 9143 section 7.2).
/// </summary>
internal sealed record RemoteTransport(RemoteIce Ice, ImmutableArray<CertificateFingerprint> Fingerprints, SdpSetup? Setup)
{
    /// <summary>
    /// The transport of the first bundled section in use, without regard to what will be accepted; null when it lacks
    /// something.
    /// </summary>
    public static RemoteTransport? TryRead(SessionDescription description)
    {
        if (SharedTransport.Of(description) is not { } shared)
            return null;
        MediaDescription? tagged = shared.Mids.Select(mid => SharedTransport.Find(description, mid))
            .FirstOrDefault(media => media is { IsInUse: true });
        return tagged is not null && TryRead(description, tagged, tagged, out RemoteTransport? transport, out _) ? transport : null;
    }

    public static bool TryRead(
        SessionDescription description, MediaDescription tagged, MediaDescription first, out RemoteTransport? transport,
        out NegotiationError? error)
    {
        transport = null;
        error = ReadFingerprints([tagged, description, first], tagged, out ImmutableArray<CertificateFingerprint> fingerprints);
        string? usernameFragment = tagged.IceUsernameFragment ?? description.IceUsernameFragment ?? first.IceUsernameFragment;
        string? password = tagged.IcePassword ?? description.IcePassword ?? first.IcePassword;
        if (usernameFragment is null || password is null)
            error ??= new NegotiationError(NegotiationErrorCode.IceCredentialsRequired, tagged.Mid,
                "The bundle needs a=ice-ufrag and a=ice-pwd.");
        if (error is not null)
            return false;
        var ice = new RemoteIce(usernameFragment!, password!, tagged.Candidates, description.IsIceLite);
        SdpSetup? setup = tagged.Setup ?? description.Setup ?? first.Setup;
        transport = new RemoteTransport(ice, fingerprints, setup);
        return true;
    }

    /// <summary>
    /// RFC 8842 section 4: another set of fingerprints asks for a new DTLS association. Null when these are the established
    /// ones, or none are.
    /// </summary>
    public NegotiationError? CheckFingerprints(ImmutableArray<CertificateFingerprint> established, Mid? tagged) =>
        established.IsEmpty || established.ToHashSet().SetEquals(Fingerprints)
            ? null
            : new NegotiationError(NegotiationErrorCode.TransportChanged, tagged,
                "The a=fingerprint is not that of the established transport.");

    private static NegotiationError? ReadFingerprints(
        ReadOnlySpan<SdpSection> levels, MediaDescription tagged, out ImmutableArray<CertificateFingerprint> fingerprints)
    {
        fingerprints = [];
        bool hasAny = false;
        for (int i = 0; i < levels.Length && !hasAny; i++)
        {
            hasAny = levels[i].HasAttribute("fingerprint");
            fingerprints = levels[i].Fingerprints;
        }
        if (!fingerprints.IsEmpty)
            return null;
        string message = !hasAny ? "The bundle needs a=fingerprint." : "The bundle needs an a=fingerprint of SHA-256 or stronger.";
        return new NegotiationError(NegotiationErrorCode.FingerprintRequired, tagged.Mid, message);
    }
}
