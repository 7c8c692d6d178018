using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>Our offers to a subscriber over one transport, and its answers.</summary>
public sealed class LaterOwnOfferTests
{
    private static readonly Mid Data = new("data");

    private readonly OfferNumbers _numbers = new();

    [Fact]
    public void First_offer_has_data_channels_alone()
    {
        SessionDescription offer = Offer([]);

        NegotiatedSession session = Accept(offer, Answer(offer));

        Assert.Equal("BUNDLE data", offer.Bundle!.ToString());
        Assert.Equal(("UDP/DTLS/SCTP", "webrtc-datachannel", SdpSetup.Actpass),
            (offer.Media[0].Protocol, offer.Media[0].Formats.Single(), offer.Media[0].Setup));
        Assert.Equal((5000, 262_144u), (offer.Media[0].SctpPort, offer.Media[0].MaxMessageSize));
        Assert.True(offer.Media[0].HasEndOfCandidates);
        Assert.Empty(session.Media);
        Assert.Equal(new NegotiatedData(Data, 5000, 262_144), session.Data);
        Assert.Equal(DtlsRole.Server, session.LocalDtlsRole);
    }

    [Fact]
    public void Numbers_stay_whatever_comes_before_them()
    {
        SessionDescription first = Offer([Video("1", 1), Audio("2", 2)]);
        SessionDescription second = Offer([H264("3", 3), Video("1", 1), Audio("2", 2)]);

        Assert.Equal(Numbers(first, "1"), Numbers(second, "1"));
        Assert.Equal(Numbers(first, "2"), Numbers(second, "2"));
        Assert.Empty(second.FindMedia(new Mid("3"))!.Formats.Intersect(first.Media.SelectMany(media => media.Formats)));
    }

    [Fact]
    public void Section_is_stopped_and_its_line_recycled()
    {
        SessionDescription one = Offer([Video("1", 1), Audio("2", 2)]);
        SessionDescription two = Offer([Video("1", 1) with { IsStopped = true, Codecs = [], Source = null }, Audio("2", 2)]);
        SessionDescription three = Offer([Video("3", 3), Audio("2", 2)]);

        NegotiatedSession first = Accept(one, Answer(one));
        NegotiatedSession second = Accept(two, Answer(two), first);
        NegotiatedSession third = Accept(three, Answer(three), second);

        Assert.Equal(("BUNDLE data 2", 0, MediaDirection.Inactive), (two.Bundle!.ToString(), two.Media[1].Port, two.Media[1].Direction));
        Assert.Equal("m=video 0 UDP/TLS/RTP/SAVPF 0", two.Media[1].Lines[0].ToString());
        Assert.Equal(["1", "2"], first.Media.Select(media => media.Mid.Value));
        Assert.Equal(["2"], second.Media.Select(media => media.Mid.Value));
        Assert.Equal(["3", "2"], third.Media.Select(media => media.Mid.Value));
        Assert.Equal(new Ssrc(3000), third.Media[0].LocalSource!.Primary);
        Assert.Equal(first.Media[1].LocalSource, third.Media[1].LocalSource);
        Assert.Equal(one.Media[1].Formats.AsEnumerable(), three.Media[1].Formats.AsEnumerable());
    }

    [Fact]
    public void Stopped_section_counts_as_rejected_whatever_the_answer_says()
    {
        SessionDescription offer = Offer([Video("1", 1) with { IsStopped = true }, Audio("2", 2)]);
        string answer = Answer(offer).ToString().Replace("m=video 0 ", "m=video 9 ", StringComparison.Ordinal)
            .Replace("BUNDLE data 2", "BUNDLE data 1 2", StringComparison.Ordinal);

        Assert.Equal(["2"], Accept(offer, SdpFixtures.Parse(answer)).Media.Select(media => media.Mid.Value));
    }

    [Theory]
    [InlineData("a=recvonly", "a=inactive", true, false)]
    [InlineData("m=video 9 ", "m=video 0 ", false, false)]
    [InlineData("a=nothing", "a=nothing", true, true)]
    public void Section_that_the_client_does_not_want_is_not_sent_in(string present, string instead, bool isThere, bool isSending)
    {
        SessionDescription offer = Offer([Video("1", 1)]);
        string answer = Answer(offer).ToString().Replace(present, instead, StringComparison.Ordinal);

        NegotiatedSession session = Accept(offer, SdpFixtures.Parse(answer));

        Assert.Equal((isThere, isSending), (session.Media.Length == 1, session.Media is [{ Sending: true }]));
        Assert.NotNull(session.Data);
    }

    [Fact]
    public void Inactive_section_keeps_its_place_and_sends_again_later()
    {
        SessionDescription idle = Offer([Video("1", 1) with { Direction = MediaDirection.Inactive, Source = null }]);
        SessionDescription active = Offer([Video("1", 1)]);

        NegotiatedSession first = Accept(idle, Answer(idle));
        NegotiatedSession second = Accept(active, Answer(active), first);

        Assert.True(first.Media is [{ Sending: false, LocalSource: null }]);
        Assert.True(second.Media is [{ Sending: true, LocalSource.Primary.Value: 1000 }]);
    }

    [Fact]
    public void Role_and_certificate_stay()
    {
        SessionDescription offer = Offer([Audio("1", 1)]);
        NegotiatedSession first = Accept(offer, Answer(offer));
        string answer = Answer(offer).ToString();

        Assert.Equal(NegotiationErrorCode.TransportChanged,
            Refuse(offer, answer.Replace("setup:active", "setup:passive", StringComparison.Ordinal), first).Code);
        Assert.Equal(NegotiationErrorCode.TransportChanged,
            Refuse(offer, answer.Replace("sha-256 E3", "sha-256 E4", StringComparison.Ordinal), first).Code);
    }

    [Fact]
    public void Restart_is_an_offer_with_other_credentials()
    {
        SessionDescription before = Offer([Audio("1", 1)]);
        SessionDescription after = SessionNegotiator.CreateOffer(Policy([Audio("1", 1)]) with
        {
            Transport = Policies.Transport with { UsernameFragment = "restarted", Password = "restartedrestartedrestarted" },
        });
        NegotiatedSession first = Accept(before, Answer(before));

        NegotiatedSession second = Accept(after, Answer(after, "other2"), first);

        Assert.Equal(("other", "other2"), (first.Ice.UsernameFragment, second.Ice.UsernameFragment));
        Assert.Equal(first.Media[0].LocalSource, second.Media[0].LocalSource);
    }

    /// <summary>
    /// The answer of Firefox has attributes at session level, a tag of its own choice, and sources in sections that only receive.
    /// </summary>
    [Fact]
    public void Firefox_shaped_answer_is_accepted()
    {
        SessionDescription offer = Offer([Audio("1", 1), Video("2", 2)]);
        string transport = "a=ice-pwd:27b8a2cb8c2141c48211181d34d92aa4\na=ice-ufrag:f32e2a88\n";
        string opus = offer.Media[1].Formats[0], vp8 = offer.Media[2].Formats[0], rtx = offer.Media[2].Formats[1];
        string answer = "v=0\no=mozilla...THIS_IS_SDPARTA-99.0 5750351867759824311 0 IN IP4 0.0.0.0\ns=-\nt=0 0\na=sendrecv\n"
            + "a=fingerprint:sha-256 C4:11:BA:68:97:42:37:3F:FA:64:A3:BF:37:0E:78:99:FC:08:E0:2C:CD:33:8A:25:AD:39:EB:02:04:02:34:54\n"
            + "a=group:BUNDLE data 1 2\na=ice-options:trickle\na=msid-semantic:WMS *\n"
            + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 "
                + $"0.0.0.0\na=sendrecv\n{transport}a=mid:data\na=setup:active\na=sctp-port:5000\na=max-message-size:1073741823\n"
            + $"m=audio 9 UDP/TLS/RTP/SAVPF {opus}\nc=IN IP4 0.0.0.0\na=recvonly\na=extmap:1 "
                + $"urn:ietf:params:rtp-hdrext:sdes:mid\na=fmtp:{opus} maxplaybackrate=48000;stereo=1;useinbandfec=1\n"
            + $"{transport}a=mid:1\na=rtcp-mux\na=rtpmap:{opus} opus/48000/2\na=setup:active\na=ssrc:2235422587 cname:{{8dc9b264}}\n"
            + $"m=video 9 UDP/TLS/RTP/SAVPF {vp8} {rtx}\nc=IN IP4 0.0.0.0\na=recvonly\na=extmap:1 "
                + $"urn:ietf:params:rtp-hdrext:sdes:mid\na=fmtp:{vp8} max-fs=12288;max-fr=60\na=fmtp:{rtx} apt={vp8}\n"
            + $"{transport}a=mid:2\na=rtcp-fb:{vp8} nack\na=rtcp-fb:{vp8} nack pli\na=rtcp-mux\na=rtcp-rsize\na=rtpmap:{vp8} VP8/90000\na=rtpmap:{rtx} rtx/90000\na=setup:active\na=ssrc:1159261401 cname:{{8dc9b264}}\n";

        NegotiatedSession session = Accept(offer, SdpFixtures.Parse(answer));

        Assert.Equal(new NegotiatedData(Data, 5000, 1_073_741_823), session.Data);
        Assert.True(session.Media is [{ Sending: true, Receiving: false }, { Sending: true, Receiving: false }]);
        Assert.Equal("PA_2|TR_2", session.Media[1].LocalSource!.StreamId);
        Assert.NotNull(session.Media[1].Codecs[0].RetransmissionPayloadType);
        Assert.Equal("f32e2a88", session.Ice.UsernameFragment);
    }

    [Fact]
    public void Offer_without_a_section_in_use_is_a_bug_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() =>
            SessionNegotiator.CreateOffer(Policy([Video("1", 1) with { IsStopped = true }]) with { Data = null }));
        Assert.Throws<ArgumentException>(() => SessionNegotiator.CreateOffer(Policy([Video("1", 1), Video("1", 2)])));
        Assert.Throws<ArgumentException>(() => SessionNegotiator.CreateOffer(Policy([Video("data", 1)])));
    }

    private OfferPolicy Policy(ImmutableArray<OfferedMedia> media) => new()
    {
        Transport = Policies.Transport,
        SessionId = 42,
        Numbers = _numbers,
        Data = Data,
        Media = media,
    };

    private SessionDescription Offer(ImmutableArray<OfferedMedia> media) => SessionNegotiator.CreateOffer(Policy(media));

    /// <summary>Makes the answer of a full ICE agent that accepts everything.</summary>
    private static SessionDescription Answer(SessionDescription offer, string usernameFragment = "other") =>
        Policies.Answer(offer, new AnswerPolicy
        {
            Transport = Policies.Transport with { UsernameFragment = usernameFragment, IsIceLite = false },
            SessionId = 7,
            Direction = MediaDirection.SendReceive,
            DecideSection = _ => new SectionDecision(Receive: true, Source: null),
            AcceptsData = true,
            MayBeIdle = true,
            RequiredKinds = [],
            EstablishedRole = DtlsRole.Client,
        }).LocalDescription;

    private static OfferedMedia Audio(string mid, uint source) =>
        Section(mid, MediaKind.Audio, source, Policies.Codec(CodecKind.Opus, "minptime=10;useinbandfec=1"));

    private static OfferedMedia Video(string mid, uint source) =>
        Section(mid, MediaKind.Video, source, Policies.Codec(CodecKind.Vp8, retransmission: 0) with
        { Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli });

    private static OfferedMedia H264(string mid, uint source) =>
        Section(mid, MediaKind.Video, source,
        Policies.Codec(CodecKind.H264, "packetization-mode=1;profile-level-id=42e01f", retransmission: 0));

    private static OfferedMedia Section(string mid, MediaKind kind, uint source, RtpCodec codec) => new()
    {
        Mid = new Mid(mid),
        Kind = kind,
        Direction = MediaDirection.Send,
        Codecs = [codec],
        Extensions = [HeaderExtensionKind.Mid],
        Source = new LocalSource(
            new Ssrc(source * 1000), codec.RetransmissionPayloadType is null ? null
                : new Ssrc(source * 1000 + 1), "cname", $"PA_{source}|TR_{source}", $"TR_{source}"),
    };

    private static string[] Numbers(SessionDescription offer, string mid)
    {
        MediaDescription media = offer.FindMedia(new Mid(mid))!;
        return [.. media.Formats, .. media.ExtensionMappings.Select(mapping => mapping.ToString())];
    }

    private static NegotiatedSession Accept(SessionDescription offer, SessionDescription answer, NegotiatedSession? established = null)
    {
        Assert.True(SessionNegotiator.TryAcceptAnswer(offer, answer, established, out NegotiatedSession? session,
            out NegotiationError? error), error?.ToString());
        return session!;
    }

    private static NegotiationError Refuse(SessionDescription offer, string answer, NegotiatedSession established)
    {
        Assert.False(SessionNegotiator.TryAcceptAnswer(offer, SdpFixtures.Parse(answer), established, out _, out NegotiationError? error));
        return error!;
    }
}
