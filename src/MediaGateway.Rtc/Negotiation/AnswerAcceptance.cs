using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Negotiation;

/// <summary>
/// Reads the answer to an offer of ours (RFC 3264 section 7). A codec counts only under the payload type we offered it
/// with, as RFC 3264 section 6.1 asks the answerer to keep it. What answers a later offer stays on the established transport.
/// </summary>
internal sealed class AnswerAcceptance(SessionDescription offer, SessionDescription answer, NegotiatedSession? established,
    SectionMemory? memory)
{
    private readonly BundleIdentifiers _identifiers = new();
    private readonly SharedTransport? _shared = SharedTransport.Of(answer);
    private readonly List<SectionMemory.Accepted> _accepted = [];

    public bool TryAccept(out NegotiatedSession? session, out NegotiationError? error)
    {
        session = null;
        error = BundleCheck.Check(answer, _shared, offer.IsIceLite) ?? CheckSections();
        if (error is not null || !TryReadSections(out ImmutableArray<NegotiatedMedia> media, out NegotiatedData? data, out error))
            return false;
        // The answerer's tag may be a section that is no media, a data channel's.
        Mid tag = _shared!.TaggedOf(answer.Media.Where(section => section.Port != 0).Select(SharedTransport.NameOf));
        MediaDescription tagged = SharedTransport.Find(answer, tag)!, first = SharedTransport.Find(answer, _shared.Mids[0])!;
        if (!RemoteTransport.TryRead(answer, tagged, first, out RemoteTransport? transport, out error)
            || !TryReadRole(transport!.Setup, tagged.Mid, out DtlsRole role, out error))
            return false;
        error = transport.CheckFingerprints(established?.RemoteFingerprints ?? [], tagged.Mid);
        if (error is not null)
            return false;
        session = new NegotiatedSession
        {
            Ice = transport.Ice,
            LocalDtlsRole = role,
            RemoteFingerprints = transport.Fingerprints,
            Media = media,
            Data = data,
            LocalDescription = offer,
        };
        memory?.Keep(_accepted);
        return true;
    }

    private NegotiationError? CheckSections()
    {
        if (answer.Media.Length != offer.Media.Length)
            return Mismatch(null, $"The answer has {answer.Media.Length} sections, the offer {offer.Media.Length}.");
        for (int i = 0; i < offer.Media.Length; i++)
        {
            (MediaDescription asked, MediaDescription answered) = (offer.Media[i], answer.Media[i]);
            if (asked.Kind != answered.Kind || (answered.Port != 0 && asked.Mid != (answered.Mid ?? OnlyName(asked))))
                return Mismatch(asked.Mid, "The answer's section has another kind or a=mid than the offer's.");
        }
        return null;
    }

    private bool TryReadSections(out ImmutableArray<NegotiatedMedia> media, out NegotiatedData? data, out NegotiationError? error)
    {
        var accepted = ImmutableArray.CreateBuilder<NegotiatedMedia>();
        media = [];
        data = null;
        error = null;
        for (int i = 0; i < offer.Media.Length && error is null; i++)
        {
            if (!IsAccepted(offer.Media[i], answer.Media[i]))
                continue;
            error = ReadMedia(offer.Media[i], answer.Media[i], out NegotiatedMedia? section);
            if (section is not null)
                accepted.Add(section);
            else
                data ??= DataSection.TryRead(answer.Media[i]) is { } read ? read with { Mid = SharedTransport.NameOf(offer.Media[i]) }
                    : null;
        }
        if (accepted.Count == 0 && data is null)
            error ??= new NegotiationError(NegotiationErrorCode.NoMedia, null, "The answer accepts no audio or video section.");
        media = accepted.ToImmutable();
        return error is null;
    }

    private bool IsAccepted(MediaDescription asked, MediaDescription answered) =>
        answered.Port != 0 && asked.IsInUse && _shared!.Has(answered);

    /// <summary>An only section needs no name: the answerer knows neither names nor groups (RFC 5888 section 9.1).</summary>
    private Mid? OnlyName(MediaDescription asked) => _shared!.IsGroup ? null : asked.Mid;

    /// <summary>Leaves <paramref name="section"/> null when it is not media.</summary>
    private NegotiationError? ReadMedia(MediaDescription asked, MediaDescription answered, out NegotiatedMedia? section)
    {
        section = null;
        if (asked.Kind is not "audio" and not "video")
            return null;
        MediaDirection direction = offer.DirectionOf(asked) & answer.DirectionOf(answered).Reversed();
        SectionMemory.Accepted? accepted = memory?.Find(asked, answered, direction);
        if (accepted is null)
        {
            if (ReadMedia(asked, answered, direction, out section) is { } error)
                return error;
            accepted = new SectionMemory.Accepted(asked, answered, section!);
            accepted = memory?.Share(accepted) ?? accepted;
        }
        section = accepted.Media;
        _accepted.Add(accepted);
        return _identifiers.Add(answered, section);
    }

    private static NegotiationError? ReadMedia(MediaDescription asked, MediaDescription answered, MediaDirection direction,
        out NegotiatedMedia? section)
    {
        section = null;
        Mid mid = SharedTransport.NameOf(asked);
        MediaKind kind = asked.Kind == "audio" ? MediaKind.Audio : MediaKind.Video;
        ImmutableArray<RtpCodec> offered = CodecReader.Read(asked, kind);
        ImmutableArray<RtpCodec> codecs = Intersect(offered, CodecReader.Read(answered, kind));
        if (codecs.IsEmpty)
            return new NegotiationError(NegotiationErrorCode.NoCommonCodec, mid,
                $"We offered {CodecNames.Describe(offered)}; the answer has {CodecNames.Describe(answered)}.");
        if (!answered.HasRtcpMux)
            return new NegotiationError(NegotiationErrorCode.RtcpMuxRequired, mid, "The section needs a=rtcp-mux.");
        bool receiving = direction.HasFlag(MediaDirection.Receive), sending = direction.HasFlag(MediaDirection.Send);
        HeaderExtensionMap extensions = NegotiatedExtensions.Accept(asked, answered, out bool hasSentNumbers);
        section = new NegotiatedMedia
        {
            Mid = mid,
            Kind = kind,
            Receiving = receiving,
            Sending = sending,
            Codecs = codecs,
            Extensions = extensions,
            IsNumbered = sending && hasSentNumbers && TransportNumbers.AreAgreed(kind, codecs),
            RemoteSources = receiving ? SourceReader.Sources(answered) : [],
            LocalSource = sending ? SourceReader.Local(asked) : null,
            ReducedSizeRtcp = asked.HasReducedSizeRtcp && answered.HasReducedSizeRtcp,
            RemoteMsid = receiving ? SourceReader.Msid(answered) : null,
        };
        return null;
    }

    private static ImmutableArray<RtpCodec> Intersect(ImmutableArray<RtpCodec> offered, ImmutableArray<RtpCodec> chosen)
    {
        var codecs = ImmutableArray.CreateBuilder<RtpCodec>();
        foreach (RtpCodec codec in chosen)
        {
            RtpCodec? ours =
                offered.FirstOrDefault(other => other.PayloadType == codec.PayloadType && CodecMatch.IsCompatible(other, codec));
            if (ours is null)
                continue;
            bool hasRetransmission = ours.RetransmissionPayloadType == codec.RetransmissionPayloadType;
            codecs.Add(codec with
            {
                Feedback = codec.Feedback & ours.Feedback,
                RetransmissionPayloadType = hasRetransmission ? codec.RetransmissionPayloadType : null,
            });
        }
        return codecs.ToImmutable();
    }

    /// <summary>
    /// RFC 5763 section 5: the answer decides; absent means <c>passive</c> (RFC 4145 section 4). Later answers repeat the
    /// role (RFC 8842 section 5.5).
    /// </summary>
    private bool TryReadRole(SdpSetup? setup, Mid? tagged, out DtlsRole role, out NegotiationError? error)
    {
        role = setup == SdpSetup.Active ? DtlsRole.Server : DtlsRole.Client;
        error = setup is SdpSetup.Actpass or SdpSetup.Holdconn
            ? new NegotiationError(NegotiationErrorCode.InvalidSetup, tagged, "An answer's a=setup is active or passive.")
            : established is not null && established.LocalDtlsRole != role
                ? new NegotiationError(NegotiationErrorCode.TransportChanged, tagged, "The a=setup is not the established transport's.")
                : null;
        return error is null;
    }

    private static NegotiationError Mismatch(Mid? mid, string message) => new(NegotiationErrorCode.MismatchedAnswer, mid, message);
}
