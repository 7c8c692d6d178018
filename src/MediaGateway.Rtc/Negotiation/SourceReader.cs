using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Reads what a section declares about its sources (RFC 5576).</summary>
internal static class SourceReader
{
    private const string FlowIdentification = "FID";

    /// <summary>RFC 8627's pairs of media and FEC; FEC is not negotiated, so the second SSRC is dropped.</summary>
    private const string ForwardErrorCorrection = "FEC-FR";

    public static ImmutableArray<RemoteSource> Sources(MediaDescription media)
    {
        Dictionary<Ssrc, Ssrc> retransmissions = [];
        HashSet<Ssrc> secondary = [];
        foreach (SourceGroup group in media.SourceGroups)
        {
            if (group.Sources.Length != 2 || group.Semantics is not FlowIdentification and not ForwardErrorCorrection)
                continue;
            secondary.Add(group.Sources[1]);
            if (group.Semantics == FlowIdentification)
                retransmissions.TryAdd(group.Sources[0], group.Sources[1]);
        }
        return
        [
            .. Declared(media)
                .Where(ssrc => !secondary.Contains(ssrc))
                .Select(ssrc => new RemoteSource(ssrc, retransmissions.TryGetValue(ssrc, out Ssrc rtx) ? rtx : null)),
        ];
    }

    /// <summary>Every SSRC of a section once, in order of appearance.</summary>
    public static IEnumerable<Ssrc> Declared(MediaDescription media) =>
        media.HasAttribute("ssrc") || media.HasAttribute("ssrc-group") ? DistinctSources(media) : [];

    private static IEnumerable<Ssrc> DistinctSources(MediaDescription media)
    {
        HashSet<Ssrc> seen = [];
        foreach (SourceAttribute source in media.Sources)
        {
            if (seen.Add(source.Ssrc))
                yield return source.Ssrc;
        }
        foreach (SourceGroup group in media.SourceGroups)
        {
            foreach (Ssrc ssrc in group.Sources)
            {
                if (seen.Add(ssrc))
                    yield return ssrc;
            }
        }
    }

    /// <summary>The <c>a=msid</c> value, else the older one of <c>a=ssrc</c>; null without either.</summary>
    public static string? Msid(MediaDescription media) =>
        media.StreamIds.FirstOrDefault()?.ToString()
        ?? media.Sources.FirstOrDefault(source => source.Name == "msid")?.Value;

    /// <summary>The source that an offer of ours declared; null when it declared none.</summary>
    public static LocalSource? Local(MediaDescription media)
    {
        if (Sources(media) is not [RemoteSource source, ..])
            return null;
        string name = media.Sources.FirstOrDefault(attribute => attribute.Name == "cname")?.Value ?? "";
        MediaStreamId? id = media.StreamIds.FirstOrDefault();
        return new LocalSource(source.Primary, source.Retransmission, name, id?.Stream ?? "-", id?.Track ?? "");
    }
}
