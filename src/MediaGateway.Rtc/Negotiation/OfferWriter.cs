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

    private readonly OfferNumbers _numbers = new();
    private readonly SdpWriter _writer = SdpWriter.ForSession(policy.SessionId, policy.SessionVersion);

    public SessionDescription Write()
    {
        _writer.Session(policy.Transport, policy.Media.Select(media => media.Mid));
        _writer.Attribute("extmap-allow-mixed");
        foreach (OfferedMedia media in policy.Media)
            Write(media);
        return _writer.ToSessionDescription();
    }

    private void Write(OfferedMedia media)
    {
        ImmutableArray<RtpCodec> codecs = _numbers.Codecs(media.Codecs);
        _writer
            .Media(media.Kind == MediaKind.Audio ? "audio" : "video", Protocol, SectionLines.Formats(codecs))
            .Attribute("mid", media.Mid.Value)
            .Transport(policy.Transport, SdpSetup.Actpass);
        if (media.Mid == policy.Media[0].Mid)
            _writer.Candidates(policy.Transport);
        _writer.Attribute(media.Direction.ToSdp()).Rtcp(reducedSize: true);
        foreach (HeaderExtensionKind kind in media.Extensions)
            _writer.Attribute("extmap", new ExtensionMapping(_numbers.Extension(kind), null, HeaderExtensionUris.Of(kind), "").ToString());
        foreach (RtpCodec codec in codecs)
            _writer.Codec(codec, codec.Parameters);
        if (media.Source is { } source)
            _writer.Source(codecs.Any(codec => codec.RetransmissionPayloadType is not null) ? source : source with { Retransmission = null });
    }
}
