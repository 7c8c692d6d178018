using System.Text;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// Answering never throws; an answer parses again, has the offer's sections, and is one that its own offer accepts as
/// long as that is a full ICE agent's.
/// </summary>
public sealed class NegotiationFuzzTarget : IFuzzTarget
{
    private static readonly LocalTransport Transport = new(
        "localufrag", "localpasswordlocalpassword", CertificateFingerprint.Of([]), ["1 1 udp 2130706431 198.51.100.1 7882 typ host"]);

    private static readonly AnswerPolicy Receive = new() { Transport = Transport, SessionId = 1, Direction = MediaDirection.Receive };

    private static readonly AnswerPolicy[] Policies =
    [
        Receive,
        Receive with { Direction = MediaDirection.Send, MayBeIdle = true, CreateLocalSource = CreateSource },
        Receive with
        {
            Direction = MediaDirection.SendReceive,
            MayBeIdle = true,
            MaxAudioSections = 8,
            MaxVideoSections = 8,
            RequiredKinds = [],
            Transport = Transport with { IsIceLite = false },
            CreateLocalSource = CreateSource,
        },
        Receive with
        {
            Direction = MediaDirection.SendReceive,
            MayBeIdle = true,
            RequiredKinds = [],
            AcceptsData = true,
            EstablishedRole = DtlsRole.Server,
            DecideSection = Decide,
        },
    ];

    public string Name => "negotiation";

    public IEnumerable<byte[]> Seeds => SdpSeeds.Descriptions;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!SessionDescription.TryParse(Encoding.UTF8.GetString(input), SdpLimits.Default, out SessionDescription? offer, out _))
            return;
        foreach (AnswerPolicy policy in Policies)
        {
            bool answered = SessionNegotiator.TryAnswer(offer!, policy, out NegotiatedSession? session, out NegotiationError? error);
            Property.Holds(answered == session is not null && answered == error is null, "an answer or an error");
            if (answered)
                CheckAnswer(offer!, session!);
        }
        SessionNegotiator.TryAcceptAnswer(offer!, offer!, out NegotiatedSession? first, out _);
        if (first is not null)
            SessionNegotiator.TryAcceptAnswer(offer!, offer!, first, out _, out _);
    }

    private static void CheckAnswer(SessionDescription offer, NegotiatedSession session)
    {
        SessionDescription answer = session.LocalDescription;
        Property.Holds(SessionDescription.TryParse(answer.ToString(), SdpLimits.None, out _, out SdpError? error),
            $"the answer parses: {error}");
        Property.Holds(answer.Media.Length == offer.Media.Length, "a section for a section");
        int accepted = session.Media.Length + (session.Data is null ? 0 : 1);
        Property.Holds(answer.Media.Count(media => media.Port != 0) == accepted, "accepted sections have a port");
        Property.Holds((answer.Bundle?.Mids.Length ?? 1) == accepted, "accepted sections are bundled");
        Property.Holds(session.Media.All(media => !media.Codecs.IsEmpty), "accepted sections have codecs");
        Property.Holds(session.Media.All(media => media.ReceiveEncodings.Length <= 4), "encodings are bounded");
        Property.Holds(!session.RemoteFingerprints.IsEmpty, "the peer's certificate is bound");
        // An offer that gives one id two meanings breaks RFC 9143 section 9.1; it is answered for aiortc's sake, and as strict an
        // offerer as ours would not take its own.
        if (!HasOneMeaningForEachId(offer))
            return;
        Property.Holds(
            SessionNegotiator.TryAcceptAnswer(offer, answer, out NegotiatedSession? offerer, out NegotiationError? refused),
            $"the answer fits its offer: {refused}");
        Property.Holds(offerer!.Data?.Mid == session.Data?.Mid, "both sides have the same data section");
        Property.Holds(!SessionNegotiator.IsIceRestart(offerer, answer), "a description is no restart of its own session");
    }

    private static bool HasOneMeaningForEachId(SessionDescription offer) => offer.Media
        .SelectMany(media => media.ExtensionMappings)
        .GroupBy(mapping => mapping.Id)
        .All(mappings => mappings.Select(mapping => mapping.Uri).Distinct().Count() == 1);

    /// <summary>Any decision, but the same one for the same section.</summary>
    private static SectionDecision Decide(OfferedSection section)
    {
        Property.Holds(!section.Codecs.IsEmpty
            && section.Encodings is >= 0 and <= 4, "what can be decided on has codecs, and bounded encodings");
        Property.Holds(section.RemoteSends == section.Encodings > 0, "what is sent has encodings");
        int choice = section.Mid.Value.Sum(c => c);
        return new SectionDecision((choice & 1) == 0, (choice & 2) == 0 ? CreateSource(section.Mid, section.Kind) : null);
    }

    private static LocalSource CreateSource(Mid mid, MediaKind kind)
    {
        uint ssrc = mid.Value.Aggregate(17u, (hash, c) => unchecked(hash * 31 + c)) & 0x7FFF_FFFE;
        return new LocalSource(new Ssrc(ssrc), new Ssrc(ssrc + 1), "cname", "stream", kind.ToString());
    }
}
