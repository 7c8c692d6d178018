using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Answers one offer (RFC 3264 section 6, RFC 9429 section 5.3): decides section by section, then reads the transport
/// of the bundle that remains, then writes.
/// </summary>
internal sealed class Answerer(SessionDescription offer, AnswerPolicy policy)
{
    private readonly BundleIdentifiers _identifiers = new();
    private readonly List<AnsweredSection?> _sections = [];
    private readonly Dictionary<MediaKind, int> _active = new() { [MediaKind.Audio] = 0, [MediaKind.Video] = 0 };

    /// <summary>The first reason for rejecting a section for want of a codec, told when nothing else remains either.</summary>
    private NegotiationError? _noCodec;

    public bool TryAnswer(out NegotiatedSession? session, out NegotiationError? error)
    {
        session = null;
        error = BundleCheck.Check(offer, policy.Transport.IsIceLite) ?? AnswerSections();
        if (error is not null)
            return false;
        AnsweredSection[] accepted = [.. _sections.OfType<AnsweredSection>()];
        Mid tagged = BundleCheck.TaggedOf(offer.Bundle!, accepted.Select(section => section.Media.Mid));
        MediaDescription first = offer.FindMedia(offer.Bundle!.Mids[0])!;
        if (!RemoteTransport.TryRead(offer, offer.FindMedia(tagged)!, first, out RemoteTransport? transport, out error)
            || !TryChooseRole(transport!.Setup, tagged, out DtlsRole role, out error))
            return false;
        session = new NegotiatedSession
        {
            Ice = transport.Ice,
            LocalDtlsRole = role,
            RemoteFingerprints = transport.Fingerprints,
            Media = [.. accepted.Select(section => section.Media)],
            LocalDescription = new AnswerWriter(offer, policy, _sections, tagged, role).Write(),
        };
        return true;
    }

    private NegotiationError? AnswerSections()
    {
        foreach (MediaDescription media in offer.Media)
        {
            if (AnswerSection(media, out AnsweredSection? section) is { } error)
                return error;
            _sections.Add(section);
        }
        bool isEmpty = _sections.All(section => section is null);
        bool isIdle = _sections.All(section => section is not { Media: { Sending: true } or { Receiving: true } });
        return isEmpty || (isIdle && !policy.MayBeIdle) ? _noCodec ?? NoMedia() : null;
    }

    private NegotiationError NoMedia()
    {
        string wish = policy.Direction switch
        {
            MediaDirection.Receive => "sends",
            MediaDirection.Send => "receives",
            _ => "sends or receives",
        };
        return new NegotiationError(NegotiationErrorCode.NoMedia, null, $"The offer has no bundled audio or video section that {wish}.");
    }

    /// <summary>Leaves <paramref name="section"/> null to reject the section.</summary>
    private NegotiationError? AnswerSection(MediaDescription media, out AnsweredSection? section)
    {
        section = null;
        if (!TryGetKind(media, out MediaKind kind) || !IsBundled(media))
            return null;
        MediaDirection direction = offer.DirectionOf(media).Reversed() & policy.Direction;
        bool isActive = direction != MediaDirection.Inactive;
        if (isActive && _active[kind] >= (kind == MediaKind.Audio ? policy.MaxAudioSections : policy.MaxVideoSections))
            return null;
        if (!CodecReader.TryRead(media, kind, out ImmutableArray<RtpCodec> offered, out NegotiationError? error))
            return error;
        ImmutableArray<RtpCodec> codecs = CodecSelection.Select(offered, policy);
        if (CodecSelection.Check(codecs, media, kind, policy) is { } noCodec)
        {
            _noCodec ??= noCodec;
            return isActive && policy.RequiredKinds.Contains(kind) ? noCodec : null;
        }
        if (!media.HasRtcpMux)
            return new NegotiationError(NegotiationErrorCode.RtcpMuxRequired, media.Mid, "The section needs a=rtcp-mux.");
        if (isActive)
            _active[kind]++;
        section = Accept(media, kind, direction, codecs);
        return _identifiers.Add(media, section.Media);
    }

    private AnsweredSection Accept(MediaDescription media, MediaKind kind, MediaDirection direction, ImmutableArray<RtpCodec> codecs)
    {
        Mid mid = media.Mid!.Value;
        bool receiving = direction.HasFlag(MediaDirection.Receive), sending = direction.HasFlag(MediaDirection.Send);
        bool allowsMixed = offer.AllowsMixedExtensions || media.AllowsMixedExtensions;
        NegotiatedExtensions extensions = NegotiatedExtensions.Answer(media.ExtensionMappings, allowsMixed, direction, policy);
        RtcpFeedbackKinds feedback = FeedbackFor(kind, receiving, extensions);
        codecs = [.. codecs.Select(codec => codec with { Feedback = codec.Feedback & feedback })];
        // Without the RID in the packets nothing would tell the streams apart (RFC 8853 section 5.5).
        ImmutableArray<RidDescription> encodings =
            receiving && extensions.Contains(HeaderExtensionKind.RtpStreamId) ? SimulcastAnswer.Accept(media, codecs) : [];
        var negotiated = new NegotiatedMedia
        {
            Mid = mid,
            Kind = kind,
            Receiving = receiving,
            Sending = sending,
            Codecs = codecs,
            Extensions = extensions.Map,
            ReceiveEncodings = [.. encodings.Select(encoding => encoding.Rid)],
            RemoteSources = receiving ? SourceReader.Sources(media) : [],
            LocalSource = sending ? CreateSource(mid, kind, codecs) : null,
            ReducedSizeRtcp = media.HasReducedSizeRtcp,
            RemoteMsid = receiving ? SourceReader.Msid(media) : null,
        };
        return new AnsweredSection(media, negotiated, extensions.Mappings, encodings);
    }

    /// <summary>
    /// What we act on. Transport-wide feedback only where its sequence number is there to be fed back; no
    /// <c>goog-remb</c>, which that feedback replaces.
    /// </summary>
    private static RtcpFeedbackKinds FeedbackFor(MediaKind kind, bool receiving, NegotiatedExtensions extensions)
    {
        RtcpFeedbackKinds feedback = RtcpFeedbackKinds.Nack;
        if (kind == MediaKind.Video)
            feedback |= RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.Fir;
        if (receiving && extensions.Contains(HeaderExtensionKind.TransportSequenceNumber))
            feedback |= RtcpFeedbackKinds.TransportCc;
        return feedback;
    }

    private LocalSource CreateSource(Mid mid, MediaKind kind, ImmutableArray<RtpCodec> codecs)
    {
        LocalSource source = policy.CreateLocalSource!(mid, kind);
        return codecs.Any(codec => codec.RetransmissionPayloadType is not null) ? source : source with { Retransmission = null };
    }

    /// <summary>Port 0 is a rejected section, unless it says that it lives in the bundle alone (RFC 9143 section 6).</summary>
    private bool IsBundled(MediaDescription media) =>
        media.Mid is { } mid && offer.Bundle!.Mids.Contains(mid) && (media.Port != 0 || media.IsBundleOnly);

    private static bool TryGetKind(MediaDescription media, out MediaKind kind)
    {
        kind = media.Kind == "audio" ? MediaKind.Audio : MediaKind.Video;
        return media.Kind is "audio" or "video"
            && media.Protocol is "UDP/TLS/RTP/SAVPF" or "TCP/DTLS/RTP/SAVPF" or "RTP/SAVPF";
    }

    /// <summary>RFC 4145 section 4: an offer without <c>a=setup</c> means <c>active</c>.</summary>
    private static bool TryChooseRole(SdpSetup? setup, Mid tagged, out DtlsRole role, out NegotiationError? error)
    {
        role = setup == SdpSetup.Passive ? DtlsRole.Client : DtlsRole.Server;
        error = setup == SdpSetup.Holdconn
            ? new NegotiationError(NegotiationErrorCode.InvalidSetup, tagged, "a=setup:holdconn opens no association.")
            : null;
        return error is null;
    }
}
