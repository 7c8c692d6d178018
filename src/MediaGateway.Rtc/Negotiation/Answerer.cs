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
    private readonly SharedTransport? _shared = SharedTransport.Of(offer);
    private readonly List<AnsweredSection?> _sections = new(offer.Media.Length);

    /// <summary>Number of sections in which media flows, by kind.</summary>
    private readonly int[] _active = new int[2];

    /// <summary>The first reason for rejecting a section for want of a codec, told when nothing else remains either.</summary>
    private NegotiationError? _unserved;

    public bool TryAnswer(out NegotiatedSession? session, out NegotiationError? error)
    {
        session = null;
        error = BundleCheck.Check(offer, _shared, policy.Transport.IsIceLite) ?? AnswerSections();
        if (error is not null)
            return false;
        SharedTransport accepted = _shared! with { Mids = AcceptedMids() };
        MediaDescription tagged = SharedTransport.Find(offer, accepted.Mids[0])!, first = SharedTransport.Find(offer, _shared.Mids[0])!;
        if (!RemoteTransport.TryRead(offer, tagged, first, out RemoteTransport? transport, out error)
            || !TryChooseRole(transport!.Setup, tagged, out DtlsRole role, out error))
            return false;
        error = transport.CheckFingerprints(policy.EstablishedFingerprints, tagged.Mid);
        if (error is not null)
            return false;
        session = new NegotiatedSession
        {
            Ice = transport.Ice,
            LocalDtlsRole = role,
            RemoteFingerprints = transport.Fingerprints,
            Media = AcceptedMedia(),
            Data = Data?.Data,
            LocalDescription = new AnswerWriter(offer, policy, _sections, accepted, role).Write(),
        };
        return true;
    }

    private AnsweredData? Data => (AnsweredData?)_sections.Find(section => section is AnsweredData);

    /// <summary>Returns the accepted sections' identifiers in the order of the BUNDLE group.</summary>
    private ImmutableArray<Mid> AcceptedMids()
    {
        HashSet<Mid> accepted = new(_sections.Count);
        foreach (AnsweredSection? section in _sections)
        {
            if (section is not null)
                accepted.Add(section.Mid);
        }
        var mids = ImmutableArray.CreateBuilder<Mid>(accepted.Count);
        foreach (Mid mid in _shared!.Mids)
        {
            if (accepted.Remove(mid))
                mids.Add(mid);
        }
        return mids.DrainToImmutable();
    }

    private ImmutableArray<NegotiatedMedia> AcceptedMedia()
    {
        var media = ImmutableArray.CreateBuilder<NegotiatedMedia>(_sections.Count);
        foreach (AnsweredSection? section in _sections)
        {
            if (section is AnsweredMedia accepted)
                media.Add(accepted.Media);
        }
        return media.DrainToImmutable();
    }

    private NegotiationError? AnswerSections()
    {
        foreach (MediaDescription media in offer.Media)
        {
            if (AnswerSection(media, out AnsweredSection? section) is { } error)
                return error;
            _sections.Add(section);
        }
        bool isEmpty = _sections.TrueForAll(section => section is null);
        bool isIdle = !_sections.Exists(section => section is AnsweredData or AnsweredMedia { IsActive: true });
        if (isEmpty || (isIdle && !policy.MayBeIdle))
            return _unserved ?? NoMedia();
        // What is left must be of use: a viewer of a stream without sound gets nothing of an audio section.
        return policy.RequiredKinds.IsEmpty || _sections.Exists(IsRequired) ? null : _unserved;
    }

    private bool IsRequired(AnsweredSection? section) =>
        section is AnsweredMedia { IsActive: true } media && policy.RequiredKinds.Contains(media.Media.Kind);

    private NegotiationError NoMedia()
    {
        string wish = policy.Direction switch
        {
            MediaDirection.Receive => "sends",
            MediaDirection.Send => "receives",
            _ => "sends or receives",
        };
        return new NegotiationError(NegotiationErrorCode.NoMedia, null,
            $"The offer has no audio or video section that is in use (m=), bundled (a=group:BUNDLE) and {wish}.");
    }

    /// <summary>Leaves <paramref name="section"/> null to reject the section.</summary>
    private NegotiationError? AnswerSection(MediaDescription media, out AnsweredSection? section)
    {
        section = null;
        if (!_shared!.Has(media))
            return null;
        if (TryGetKind(media, out MediaKind kind))
        {
            if (HasServedProfile(media))
                return AnswerMedia(media, kind, out section);
            _unserved ??= new NegotiationError(NegotiationErrorCode.NoMedia, media.Mid,
                $"The m= line names {media.Protocol}, which the gateway does not serve; write UDP/TLS/RTP/SAVPF.");
        }
        if (policy.AcceptsData && Data is null && DataSection.TryRead(media) is { } data)
            section = new AnsweredData(media, data);
        return null;
    }

    private NegotiationError? AnswerMedia(MediaDescription media, MediaKind kind, out AnsweredSection? section)
    {
        section = null;
        MediaDirection possible = offer.DirectionOf(media).Reversed() & policy.Direction;
        bool isActive = possible != MediaDirection.Inactive;
        if (isActive && policy.DecideSection is null
            && _active[(int)kind] >= (kind == MediaKind.Audio ? policy.MaxAudioSections : policy.MaxVideoSections))
            return null;
        ImmutableArray<RtpCodec> codecs = CodecSelection.Select(CodecReader.Read(media, kind), policy);
        if (_identifiers.LeaveOutClashes(media, ref codecs) is { } clash)
            return clash;
        if (CodecSelection.Check(codecs, media, kind, policy) is { } noCodec)
        {
            _unserved ??= noCodec.Error;
            return isActive && noCodec.IsMistake && policy.RequiredKinds.Contains(kind) ? noCodec.Error : null;
        }
        if (!media.HasRtcpMux)
            return new NegotiationError(NegotiationErrorCode.RtcpMuxRequired, media.Mid, "The section needs a=rtcp-mux.");
        if (isActive)
            _active[(int)kind]++;
        SectionDecision decision = Decide(media, kind, possible, codecs);
        AnsweredMedia accepted = Accept(media, kind, decision, CodecSelection.First(decision.PreferredCodec, codecs));
        section = accepted;
        _identifiers.Take(accepted.Extensions);
        return _identifiers.Add(media, accepted.Media);
    }

    private SectionDecision Decide(MediaDescription media, MediaKind kind, MediaDirection possible, ImmutableArray<RtpCodec> codecs)
    {
        Mid mid = SharedTransport.NameOf(media);
        bool mayReceive = (possible & MediaDirection.Receive) != 0, maySend = (possible & MediaDirection.Send) != 0;
        if (policy.DecideSection is not { } decide)
            return new SectionDecision(mayReceive, maySend ? policy.CreateLocalSource!(mid, kind) : null);
        MediaDirection direction = offer.DirectionOf(media);
        bool remoteSends = (direction & MediaDirection.Send) != 0, remoteReceives = (direction & MediaDirection.Receive) != 0;
        int encodings = remoteSends ? Math.Max(1, SimulcastAnswer.Accept(media, codecs).Length) : 0;
        string? msid = remoteSends ? SourceReader.Msid(media) : null;
        SectionDecision decision = decide(new OfferedSection(mid, kind, remoteSends, remoteReceives, msid, codecs, encodings));
        return decision with { Receive = decision.Receive && mayReceive, Source = maySend ? decision.Source : null };
    }

    private AnsweredMedia Accept(MediaDescription media, MediaKind kind, SectionDecision decision, ImmutableArray<RtpCodec> codecs)
    {
        Mid mid = SharedTransport.NameOf(media);
        bool receiving = decision.Receive, sending = decision.Source is not null;
        MediaDirection direction =
            (receiving ? MediaDirection.Receive : MediaDirection.Inactive) | (sending ? MediaDirection.Send : MediaDirection.Inactive);
        bool allowsMixed = offer.AllowsMixedExtensions || media.AllowsMixedExtensions;
        bool hasSendTime = sending && TransportNumbers.AreReplacedByMaximum(media, kind, codecs);
        NegotiatedExtensions extensions = NegotiatedExtensions.Answer(media, allowsMixed, direction, policy, hasSendTime, _identifiers);
        bool isNumbered = sending && extensions.HasSentNumbers && TransportNumbers.AreUsable(kind, codecs);
        codecs = WithFeedback(codecs, FeedbackFor(kind, receiving, isNumbered, extensions));
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
            IsNumbered = isNumbered && TransportNumbers.AreAgreed(kind, codecs),
            ReceiveEncodings = encodings.IsEmpty ? [] : [.. encodings.Select(encoding => encoding.Rid)],
            RemoteSources = receiving ? SourceReader.Sources(media) : [],
            LocalSource = SourceFor(decision.Source, codecs),
            ReducedSizeRtcp = media.HasReducedSizeRtcp,
            RemoteMsid = receiving ? SourceReader.Msid(media) : null,
        };
        return new AnsweredMedia(media, negotiated, extensions.Mappings, encodings);
    }

    /// <summary>
    /// Returns the kinds of RTCP feedback that we act on. Transport-wide feedback is among them only where the section carries
    /// transport-wide sequence numbers; <c>goog-remb</c> only where what we send carries the time of sending, for want of those.
    /// </summary>
    private static RtcpFeedbackKinds FeedbackFor(MediaKind kind, bool receiving, bool isNumbered, NegotiatedExtensions extensions)
    {
        RtcpFeedbackKinds feedback = RtcpFeedbackKinds.Nack;
        if (kind == MediaKind.Video)
            feedback |= RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.Fir;
        if (isNumbered || (receiving && extensions.Contains(HeaderExtensionKind.TransportSequenceNumber)))
            feedback |= RtcpFeedbackKinds.TransportCc;
        if (extensions.Contains(HeaderExtensionKind.AbsoluteSendTime))
            feedback |= RtcpFeedbackKinds.Remb;
        return feedback;
    }

    private static ImmutableArray<RtpCodec> WithFeedback(ImmutableArray<RtpCodec> codecs, RtcpFeedbackKinds feedback)
    {
        var limited = ImmutableArray.CreateBuilder<RtpCodec>(codecs.Length);
        foreach (RtpCodec codec in codecs)
            limited.Add((codec.Feedback & ~feedback) == 0 ? codec : codec with { Feedback = codec.Feedback & feedback });
        return limited.MoveToImmutable();
    }

    /// <summary>Returns the source to declare for a section. A section without RTX has no retransmission stream to declare.</summary>
    private static LocalSource? SourceFor(LocalSource? source, ImmutableArray<RtpCodec> codecs) =>
        codecs.Any(codec => codec.RetransmissionPayloadType is not null) ? source : source is null ? null
        : source with { Retransmission = null };

    private static bool TryGetKind(MediaDescription media, out MediaKind kind)
    {
        kind = media.Kind == "audio" ? MediaKind.Audio : MediaKind.Video;
        return media.Kind is "audio" or "video";
    }

    /// <summary>
    /// Tells whether a section's profile is one of those that RFC 9429 section 5.1.2 has everybody accept: senders write any of them and
    /// mean DTLS-SRTP, which the fingerprint decides on.
    /// </summary>
    private static bool HasServedProfile(MediaDescription media) => media.Protocol is
        "UDP/TLS/RTP/SAVPF" or "UDP/TLS/RTP/SAVP" or "TCP/DTLS/RTP/SAVPF" or "TCP/DTLS/RTP/SAVP"
        or "RTP/SAVPF" or "RTP/SAVP" or "RTP/AVPF" or "RTP/AVP";

    /// <summary>
    /// RFC 4145 section 4: an offer without <c>a=setup</c> means <c>active</c>. On a living transport the role stays, and
    /// the offer has to leave it to us (RFC 8842 section 5.5).
    /// </summary>
    private bool TryChooseRole(SdpSetup? setup, MediaDescription tagged, out DtlsRole role, out NegotiationError? error)
    {
        DtlsRole? asked = setup switch
        {
            SdpSetup.Passive => DtlsRole.Client,
            SdpSetup.Actpass => null,
            _ => DtlsRole.Server,
        };
        role = policy.EstablishedRole ?? asked ?? DtlsRole.Server;
        error = setup == SdpSetup.Holdconn
            ? new NegotiationError(NegotiationErrorCode.InvalidSetup, tagged.Mid,
                "a=setup:holdconn opens no association; write a=setup:actpass.")
            : asked is not null && asked != role
                ? new NegotiationError(NegotiationErrorCode.TransportChanged, tagged.Mid,
                    "The a=setup asks for the other role than that of the established transport; write a=setup:actpass.")
                : null;
        return error is null;
    }
}
