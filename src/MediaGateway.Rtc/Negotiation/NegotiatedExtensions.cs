using System.Collections.Immutable;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>The header extensions of one section.</summary>
/// <param name="Map">By kind and id.</param>
/// <param name="Mappings">As our description says them, in the offer's order.</param>
/// <param name="HasSentNumbers">What we send may carry transport-wide numbers.</param>
internal sealed record NegotiatedExtensions(
    HeaderExtensionMap Map, ImmutableArray<ExtensionMapping> Mappings, bool HasSentNumbers)
{
    private const int MaxOneByteId = 14;

    public bool Contains(HeaderExtensionKind kind) => Map.IdOf(kind) != 0;

    /// <param name="offered">The section of the offer; one without a name has none to send in a packet.</param>
    /// <param name="allowsMixed">Two-byte headers may appear, so ids above 14 are usable.</param>
    /// <param name="direction">The section's direction, ours.</param>
    /// <param name="policy">
    /// Which kinds are wanted, by direction. Where a meeting decides, a section's direction may be another one after the next
    /// offer, so the answer lists what the section does not use now as well: browsers offer a mapping that was left out no
    /// more, neither in that section nor in new ones.
    /// </param>
    /// <param name="hasSendTime">The time of sending is wanted in what we send.</param>
    /// <param name="taken">Ids of the sections before; one that is another extension's there is left out.</param>
    public static NegotiatedExtensions Answer(
        MediaDescription offered, bool allowsMixed, MediaDirection direction, AnswerPolicy policy, bool hasSendTime,
        BundleIdentifiers taken)
    {
        List<KeyValuePair<HeaderExtensionKind, byte>> ids = [];
        uint kinds = 0;
        bool hasSentNumbers = false;
        var answer = ImmutableArray.CreateBuilder<ExtensionMapping>();
        foreach (ExtensionMapping mapping in offered.ExtensionMappings)
        {
            if (!HeaderExtensionUris.TryGetKind(mapping.Uri, out HeaderExtensionKind kind) || !IsUsableId(mapping.Id, allowsMixed)
                || !taken.IsFree((byte)mapping.Id, kind)
                || (kind == HeaderExtensionKind.Mid && offered.Mid is null)
                || (kind == HeaderExtensionKind.AbsoluteSendTime && !hasSendTime))
                continue;
            MediaDirection wanted = (policy.ReceivedExtensions.Contains(kind) ? MediaDirection.Receive : MediaDirection.Inactive)
                | (policy.SentExtensions.Contains(kind) ? MediaDirection.Send : MediaDirection.Inactive);
            MediaDirection possible = wanted & (mapping.Direction ?? MediaDirection.SendReceive).Reversed();
            MediaDirection agreed = possible & direction;
            MediaDirection listed = agreed == MediaDirection.Inactive && policy.DecideSection is not null ? possible : agreed;
            if (listed == MediaDirection.Inactive || (kinds & (1u << (int)kind)) != 0 || IsListed(answer, mapping.Id))
                continue;
            kinds |= 1u << (int)kind;
            if (agreed != MediaDirection.Inactive)
                ids.Add(new(kind, (byte)mapping.Id));
            hasSentNumbers |= kind == HeaderExtensionKind.TransportSequenceNumber && (agreed & MediaDirection.Send) != 0;
            // RFC 8285 section 5: an answer may narrow a direction, and says so with a suffix.
            bool isNarrowed = mapping.Direction is not null || (listed != direction && listed != MediaDirection.SendReceive);
            answer.Add(new ExtensionMapping(mapping.Id, isNarrowed ? listed : null, mapping.Uri, ""));
        }
        return new NegotiatedExtensions(new HeaderExtensionMap(ids), answer.DrainToImmutable(), hasSentNumbers);
    }

    private static bool IsListed(ImmutableArray<ExtensionMapping>.Builder answer, int id)
    {
        for (int i = 0; i < answer.Count; i++)
        {
            if (answer[i].Id == id)
                return true;
        }
        return false;
    }

    /// <summary>Returns the extensions of our offer that the answer kept: the same ids for the same URIs.</summary>
    /// <param name="offer">Our section.</param>
    /// <param name="answer">The other side's.</param>
    /// <param name="hasSentNumbers">What we send may carry transport-wide numbers.</param>
    public static HeaderExtensionMap Accept(MediaDescription offer, MediaDescription answer, out bool hasSentNumbers)
    {
        hasSentNumbers = false;
        ILookup<int, string> offered = offer.ExtensionMappings.ToLookup(mapping => mapping.Id, mapping => mapping.Uri);
        Dictionary<HeaderExtensionKind, byte> ids = [];
        foreach (ExtensionMapping mapping in answer.ExtensionMappings)
        {
            if (HeaderExtensionUris.TryGetKind(mapping.Uri, out HeaderExtensionKind kind)
                && mapping.Id <= byte.MaxValue
                && mapping.Direction != MediaDirection.Inactive
                && offered[mapping.Id].Contains(mapping.Uri)
                && !ids.ContainsValue((byte)mapping.Id)
                && ids.TryAdd(kind, (byte)mapping.Id))
                hasSentNumbers |= kind == HeaderExtensionKind.TransportSequenceNumber && mapping.Direction != MediaDirection.Send;
        }
        return new HeaderExtensionMap(ids);
    }

    /// <summary>RFC 8285 sections 4.2 and 4.3: 15 is reserved in the one-byte form, 4096 and above are not yet numbers.</summary>
    private static bool IsUsableId(int id, bool allowsMixed) =>
        id <= MaxOneByteId || (allowsMixed && id is > MaxOneByteId + 1 and <= byte.MaxValue);
}
