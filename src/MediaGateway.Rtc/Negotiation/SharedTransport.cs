using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// The sections of a description that share one transport: those of its BUNDLE group or, without one, the only section in use, which has
/// a transport of its own already (RFC 9429 section 4.1.1).
/// </summary>
/// <param name="Mids">Their names; the first that is accepted stands for all.</param>
/// <param name="IsGroup">True when a group says so: an answer may only take up a group that was offered (RFC 9143 section 7.3).</param>
internal sealed record SharedTransport(ImmutableArray<Mid> Mids, bool IsGroup)
{
    /// <summary>
    /// The name of an only section in use that has none. It stays here: with its space it can clash with no name of the other side's, and
    /// no description or packet carries it.
    /// </summary>
    private static readonly Mid NoName = new("no name");

    /// <summary>Reads it; null when several sections are in use and none of them is bundled.</summary>
    public static SharedTransport? Of(SessionDescription description)
    {
        foreach (MediaGroup group in description.Groups)
        {
            if (group.Semantics == MediaGroup.Bundle && description.Media.Any(media => media.IsInUse && group.Mids.Contains(NameOf(media))))
                return new SharedTransport(group.Mids, IsGroup: true);
        }
        // Bundle-only sections are out of use without a group (RFC 9143 section 6).
        MediaDescription[] used = [.. description.Media.Where(media => media.Port != 0)];
        return used.Length == 1 ? new SharedTransport([NameOf(used[0])], IsGroup: false)
            : description.Bundle is { Mids.IsEmpty: false } bundle ? new SharedTransport(bundle.Mids, IsGroup: true)
            : null;
    }

    public static Mid NameOf(MediaDescription media) => media.Mid ?? NoName;

    /// <summary>Finds the section of one of these names; null when there is none.</summary>
    public static MediaDescription? Find(SessionDescription description, Mid mid) =>
        description.Media.FirstOrDefault(media => NameOf(media) == mid && (media.Mid is not null || media.Port != 0));

    /// <summary>Tells whether a section is in use on the transport.</summary>
    public bool Has(MediaDescription media) => media.IsInUse && (IsGroup || media.Port != 0) && Mids.Contains(NameOf(media));

    /// <summary>
    /// The section whose transport attributes hold for all: the first in use (RFC 9143 section 7.3.1).
    /// </summary>
    public Mid TaggedOf(IEnumerable<Mid> accepted) => Mids.First(accepted.Contains);
}
