using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Writes an offer of ours (RFC 9429 section 5.2): one bundle, <c>a=setup:actpass</c>, header extensions of both forms.</summary>
internal sealed class OfferWriter(OfferPolicy policy)
{
    private const string Protocol = "UDP/TLS/RTP/SAVPF";

    private readonly OfferNumbers _numbers = policy.Numbers ?? new OfferNumbers();
    private readonly SdpWriter _writer = SdpWriter.ForSession(policy.SessionId, policy.SessionVersion);

    public SessionDescription Write()
    {
        Mid[] bundle = [.. MidsInUse()];
        if (bundle.Length == 0 || !AreNamesUnique())
            throw new ArgumentException("An offer has sections in use, each under a name of its own.");
        _writer.Session(policy.Transport, [.. bundle]);
        _writer.Attribute("extmap-allow-mixed");
        if (policy.Data is { } data)
            WriteData(data);
        var known = new MediaDescription?[policy.Media.Length];
        for (int i = 0; i < known.Length; i++)
        {
            OfferedMedia media = policy.Media[i];
            bool isTagged = media.Mid == bundle[0];
            if (media.IsStopped)
                WriteStopped(media);
            else if (!isTagged && policy.Sections?.Find(media, policy.Transport) is { } section)
                known[i] = section;
            else
                WriteMedia(media, isTagged);
        }
        return Complete(_writer.ToSessionDescription(), known);
    }

    /// <summary>Puts sections that were written before in between those that were written now.</summary>
    private SessionDescription Complete(SessionDescription written, MediaDescription?[] known)
    {
        int next = policy.Data is null ? 0 : 1;
        MediaDescription[] media = [.. known.Select((section, index) => section ?? Detach(policy.Media[index], written.Media[next++]))];
        policy.Sections?.Keep(policy.Media
            .Select((offered, index) => new SectionMemory.Written(offered, policy.Transport, media[index]))
            .Where(section => !section.Media.IsStopped));
        return written.With([.. written.Media.Take(policy.Data is null ? 0 : 1), .. media]);
    }

    /// <summary>A section that is not kept stays as it is written.</summary>
    private MediaDescription Detach(OfferedMedia media, MediaDescription section) =>
        media.IsStopped || policy.Sections is null ? section : policy.Sections.Detach(media, section);

    private IEnumerable<Mid> MidsInUse()
    {
        IEnumerable<Mid> media = policy.Media.Where(media => !media.IsStopped).Select(media => media.Mid);
        return policy.Data is { } data ? media.Prepend(data) : media;
    }

    private bool AreNamesUnique()
    {
        HashSet<Mid> seen = policy.Data is { } data ? [data] : [];
        return policy.Media.All(media => seen.Add(media.Mid));
    }

    private void WriteData(Mid mid)
    {
        BeginSection(DataSection.Kind, DataSection.Protocol, [DataSection.Format], mid, isTagged: true);
        _writer.DataChannels(DataSection.Format);
    }

    private void WriteStopped(OfferedMedia media) => _writer
        .StoppedMedia(KindOf(media), Protocol)
        .Attribute("mid", media.Mid.Value)
        .Attribute(MediaDirection.Inactive.ToSdp());

    private void WriteMedia(OfferedMedia media, bool isTagged)
    {
        ImmutableArray<RtpCodec> codecs = _numbers.Codecs(media.Codecs);
        BeginSection(KindOf(media), Protocol, SectionLines.Formats(codecs), media.Mid, isTagged);
        _writer.Attribute(media.Direction.ToSdp()).Rtcp(reducedSize: true);
        foreach (HeaderExtensionKind kind in media.Extensions)
            _writer.Line($"a=extmap:{_numbers.Extension(kind)} {HeaderExtensionUris.Of(kind)}");
        foreach (RtpCodec codec in codecs)
            _writer.Codec(codec, codec.Parameters);
        if (media.Source is { } source)
            _writer.Source(codecs.Any(codec => codec.RetransmissionPayloadType is not null) ? source
                : source with { Retransmission = null });
    }

    private void BeginSection(string kind, string protocol, IEnumerable<string> formats, Mid mid, bool isTagged)
    {
        _writer
            .Media(kind, protocol, formats)
            .Attribute("mid", mid.Value)
            .Transport(policy.Transport, SdpSetup.Actpass);
        if (isTagged)
            _writer.Candidates(policy.Transport);
    }

    private static string KindOf(OfferedMedia media) => media.Kind == MediaKind.Audio ? "audio" : "video";
}
