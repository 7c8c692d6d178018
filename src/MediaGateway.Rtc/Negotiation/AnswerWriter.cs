using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>Writes an answer: one section for each offered one, in the same order (RFC 3264 section 6).</summary>
/// <param name="offer">What is answered.</param>
/// <param name="policy">Whose transport and session we are.</param>
/// <param name="sections">One entry per offered section; null where it is rejected.</param>
/// <param name="shared">The accepted sections in the order of their bundle; the first stands for it.</param>
/// <param name="role">Our side of the DTLS handshake.</param>
internal sealed class AnswerWriter(
    SessionDescription offer, AnswerPolicy policy, List<AnsweredSection?> sections, SharedTransport shared, DtlsRole role)
{
    private readonly SdpWriter _writer = SdpWriter.ForSession(policy.SessionId, policy.SessionVersion);

    public SessionDescription Write()
    {
        _writer.Session(policy.Transport, shared.IsGroup ? shared.Mids : []);
        if (offer.AllowsMixedExtensions)
            _writer.Attribute("extmap-allow-mixed");
        for (int i = 0; i < sections.Count; i++)
        {
            switch (sections[i])
            {
                case AnsweredMedia media:
                    WriteMedia(media);
                    break;
                case AnsweredData data:
                    WriteData(data);
                    break;
                default:
                    WriteRejected(offer.Media[i]);
                    break;
            }
        }
        return _writer.ToSessionDescription();
    }

    private void WriteRejected(MediaDescription media)
    {
        WriteName(_writer.RejectedMedia(media), media).Attribute("inactive");
    }

    private void WriteMedia(AnsweredMedia section)
    {
        NegotiatedMedia media = section.Media;
        BeginSection(section, SectionLines.Formats(media.Codecs));
        _writer.Attribute(DirectionOf(media).ToSdp()).Rtcp(media.ReducedSizeRtcp);
        if (section.Offer.AllowsMixedExtensions)
            _writer.Attribute("extmap-allow-mixed");
        foreach (ExtensionMapping mapping in section.Extensions)
            _writer.ExtensionMapping(mapping);
        foreach (RtpCodec codec in media.Codecs)
            _writer.Codec(codec, AnswerParameters.Of(codec.Parameters));
        WriteSimulcast(section.Encodings);
        if (media.LocalSource is { } source)
            _writer.Source(source);
    }

    private void WriteData(AnsweredData section)
    {
        string format = DataSection.AnsweredFormat(section.Offer);
        BeginSection(section, [format]);
        _writer.DataChannels(format);
    }

    private void BeginSection(AnsweredSection section, IEnumerable<string> formats)
    {
        WriteName(_writer.Media(section.Offer.Kind, section.Offer.Protocol, formats), section.Offer)
            .Transport(policy.Transport, role == DtlsRole.Client ? SdpSetup.Active : SdpSetup.Passive);
        if (section.Mid == shared.Mids[0])
            _writer.Candidates(policy.Transport);
    }

    /// <summary>A section that was offered without a name is answered without one (RFC 5888 section 9.1).</summary>
    private static SdpWriter WriteName(SdpWriter writer, MediaDescription offered) =>
        offered.Mid is { } mid ? writer.Attribute("mid", mid.Value) : writer;

    private void WriteSimulcast(ImmutableArray<RidDescription> encodings)
    {
        if (encodings.IsEmpty)
            return;
        foreach (RidDescription encoding in encodings)
            _writer.Attribute("rid", encoding.ToString());
        _writer.Attribute("simulcast", "recv " + string.Join(';', encodings.Select(encoding => encoding.Rid)));
    }

    private static MediaDirection DirectionOf(NegotiatedMedia media) =>
        (media.Receiving ? MediaDirection.Receive : MediaDirection.Inactive)
        | (media.Sending ? MediaDirection.Send : MediaDirection.Inactive);
}
