using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Checks of a whole description that both an offer and an answer have to pass.</summary>
internal static class BundleCheck
{
    public static NegotiationError? Check(SessionDescription description, SharedTransport? shared, bool localIsIceLite)
    {
        if (shared is null)
            return new NegotiationError(NegotiationErrorCode.BundleRequired, null,
                "The description needs a=group:BUNDLE with the a=mid of each section; everything runs on one transport.");
        HashSet<Mid> mids = [];
        foreach (MediaDescription media in description.Media)
        {
            if (media.Mid is { } mid && !mids.Add(mid))
                return new NegotiationError(NegotiationErrorCode.DuplicateMid, mid,
                    "Two sections have the same a=mid; each needs its own.");
        }
        foreach (Mid mid in shared.Mids)
        {
            if (shared.IsGroup && !mids.Contains(mid))
                return new NegotiationError(NegotiationErrorCode.InvalidBundle, mid,
                    "a=group:BUNDLE names a section that is not there; each of its names needs an m= line with that a=mid.");
        }
        if (description.IsIceLite && localIsIceLite)
            return new NegotiationError(NegotiationErrorCode.FullIceRequired, null,
                "Both sides are ICE-lite (a=ice-lite); one has to send the checks.");
        return null;
    }
}
