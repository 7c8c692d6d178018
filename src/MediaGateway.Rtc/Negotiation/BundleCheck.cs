using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Checks of a whole description that both an offer and an answer have to pass.</summary>
internal static class BundleCheck
{
    /// <summary>
    /// Returns the sections that share the transport: the BUNDLE group or, without one, the only section in use, which has a transport of
    /// its own already (RFC 9429 section 4.1.1). Null when several are in use and not bundled.
    /// </summary>
    public static MediaGroup? GroupOf(SessionDescription description)
    {
        if (description.Bundle is { } bundle)
            return bundle;
        MediaDescription[] used = [.. description.Media.Where(media => media.Port != 0 || media.IsBundleOnly)];
        return used is [{ Mid: { } mid }] ? new MediaGroup(MediaGroup.Bundle, [mid]) : null;
    }

    public static NegotiationError? Check(SessionDescription description, MediaGroup? bundle, bool localIsIceLite)
    {
        if (bundle is not { Mids.IsEmpty: false })
            return new NegotiationError(NegotiationErrorCode.BundleRequired, null,
                "The description needs a=group:BUNDLE; everything runs on one transport.");
        HashSet<Mid> mids = [];
        foreach (MediaDescription media in description.Media)
        {
            if (media.Mid is { } mid && !mids.Add(mid))
                return new NegotiationError(NegotiationErrorCode.DuplicateMid, mid, "Two sections have the same a=mid.");
        }
        foreach (Mid mid in bundle.Mids)
        {
            if (!mids.Contains(mid))
                return new NegotiationError(NegotiationErrorCode.InvalidBundle, mid, "The BUNDLE group names a section that is not there.");
        }
        if (description.IsIceLite && localIsIceLite)
            return new NegotiationError(NegotiationErrorCode.FullIceRequired, null, "Both sides are ICE-lite; one has to send the checks.");
        return null;
    }

    /// <summary>
    /// The section whose transport attributes hold for the bundle: the first of the group that is in use
    /// (RFC 9143 section 7.3.1).
    /// </summary>
    public static Mid TaggedOf(MediaGroup bundle, IEnumerable<Mid> accepted) => bundle.Mids.First(accepted.Contains);
}
