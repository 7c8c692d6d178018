using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Testing.Rooms;

/// <summary>The sections of the connection on which a participant offers, and what it says about them.</summary>
internal sealed class TestOffers(string identity)
{
    private static readonly Mid DataMid = new("data");

    private readonly List<Section> _sections = [];
    private readonly OfferNumbers _numbers = new();
    private ulong _version;

    /// <summary>Video codecs that the participant can decode.</summary>
    public ImmutableArray<CodecKind> VideoCodecs { get; init; } = [CodecKind.Vp8, CodecKind.H264];

    public int Count => _sections.Count;

    public void Send(TestSource source)
    {
        source.Mid = NextMid();
        _sections.Add(new Section(source.Mid, source.Kind) { Source = source });
    }

    public void Replace(TestSource source, TestSource other)
    {
        other.Mid = source.Mid;
        _sections.Find(section => section.Source == source)!.Source = other;
    }

    public void Receive(MediaKind kind) => _sections.Add(new Section(NextMid(), kind) { Receives = true });

    public void Stop(TestSource source)
    {
        foreach (Section section in _sections.Where(section => section.Source == source))
            section.Source = null;
    }

    /// <summary>Takes all sections out of use that receive.</summary>
    public void StopReceiving() => _sections.ForEach(section => section.Receives = false);

    public SessionDescription Create(LocalTransport transport)
    {
        SessionDescription offer = SessionNegotiator.CreateOffer(new OfferPolicy
        {
            Transport = transport,
            SessionId = 7,
            SessionVersion = ++_version,
            Numbers = _numbers,
            Data = DataMid,
            Media = [.. _sections.Select(Describe)],
        });
        return Parse(WithSimulcast(offer.ToString()));
    }

    /// <summary>Our transport sends each encoding as a section of its own under the one name.</summary>
    public NegotiatedSession WithEncodings(NegotiatedSession session) => session with { Media = [.. session.Media.SelectMany(Expand)] };

    private IEnumerable<NegotiatedMedia> Expand(NegotiatedMedia media)
    {
        if (!media.Sending || _sections.Find(section => section.Mid == media.Mid)?.Source is not { IsSimulcast: true } source)
            return [media];
        return SimulcastOffer.Expand(media, source.Encodings.Select(encoding => encoding.Local));
    }

    private Mid NextMid() => new($"{identity[0]}{_sections.Count}");

    private OfferedMedia Describe(Section section) => new()
    {
        Mid = section.Mid,
        Kind = section.Kind,
        Direction = (section.Source is null ? MediaDirection.Inactive : MediaDirection.Send)
            | (section.Receives ? MediaDirection.Receive : MediaDirection.Inactive),
        Codecs = section.Kind == MediaKind.Audio ? [Codec(CodecKind.Opus)] : [.. CodecsOf(section).Select(Codec)],
        Extensions = section.Kind == MediaKind.Audio
            ? [HeaderExtensionKind.Mid, HeaderExtensionKind.AudioLevel]
            : [HeaderExtensionKind.Mid, HeaderExtensionKind.RtpStreamId, HeaderExtensionKind.RepairedRtpStreamId],
        Source = section.Source is { IsSimulcast: false } source ? source.Encodings[0].Local : null,
    };

    private ImmutableArray<CodecKind> CodecsOf(Section section) => section.Source is { } source ? [source.Codec] : VideoCodecs;

    private static RtpCodec Codec(CodecKind kind) => kind switch
    {
        CodecKind.Opus => new RtpCodec(kind, default, 48_000, 2, "minptime=10;useinbandfec=1", null, RtcpFeedbackKinds.None),
        CodecKind.H264 => Video(kind, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
        _ => Video(kind, ""),
    };

    private static RtpCodec Video(CodecKind kind, string parameters) =>
        new(kind, default, 90_000, 1, parameters, default(PayloadType), RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli);

    private string WithSimulcast(string offer)
    {
        foreach (Section section in _sections.Where(section => section.Source is { IsSimulcast: true }))
            offer = SimulcastOffer.AddTo(offer, section.Mid, section.Source!.DescribedCid ?? section.Source.Cid, TestSource.SimulcastRids);
        return offer;
    }

    private static SessionDescription Parse(string text) =>
        SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? description, out SdpError? error)
        ? description!
        : throw new InvalidOperationException($"{error}: {text}");

    private sealed class Section(Mid mid, MediaKind kind)
    {
        public Mid Mid => mid;

        public MediaKind Kind => kind;

        public TestSource? Source { get; set; }

        public bool Receives { get; set; }
    }
}
