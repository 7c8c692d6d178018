using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Testing.Peers;

/// <summary>Simulcast of clients (RFC 8853), of which our own offers know nothing.</summary>
internal static class SimulcastOffer
{
    /// <summary>Puts the lines of simulcast behind the name of a section.</summary>
    public static string AddTo(string offer, Mid mid, string trackId, IReadOnlyCollection<Rid> rids)
    {
        string name = $"a=mid:{mid}\r\n";
        string lines = string.Concat(rids.Select(rid => $"a=rid:{rid} send\r\n"));
        return offer.Replace(name, $"{name}a=msid:stream {trackId}\r\n{lines}a=simulcast:send {string.Join(';', rids)}\r\n",
            StringComparison.Ordinal);
    }

    /// <summary>Makes each encoding a section of its own under the one name, as which our transport sends it.</summary>
    public static IEnumerable<NegotiatedMedia> Expand(NegotiatedMedia media, IEnumerable<LocalSource> encodings)
    {
        bool hasRetransmission = media.Codecs.Any(codec => codec.RetransmissionPayloadType is not null);
        return encodings.Select(
            source => media with { LocalSource = hasRetransmission ? source : source with { Retransmission = null } });
    }
}
