using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>Tests that the memory of sections saves work and changes no description.</summary>
public sealed class SectionMemoryTests
{
    private static readonly ImmutableArray<OfferedMedia> Media = [.. Enumerable.Range(1, 40).Select(Section)];

    private readonly OfferNumbers _numbers = new();
    private readonly OfferNumbers _forgetful = new();
    private readonly SectionMemory _memory = new();

    [Fact]
    public void Offers_are_the_same_letter_by_letter()
    {
        AssertSame(Media[..2]);
        AssertSame(Media[..4]);
        AssertSame([Media[0] with { IsStopped = true }, .. Media[1..4]]);
        AssertSame([Media[10], .. Media[1..4]]);
        AssertSame([Media[10], .. Media[1..4]], Policies.Transport with
        { UsernameFragment = "other", Password = "anotherPasswordOf24Letters" });
        AssertSame([Media[10] with { Extensions = [] }, .. Media[1..4]]);
    }

    [Fact]
    public void Section_that_stands_for_the_bundle_has_the_candidates_though_it_had_none_before()
    {
        AssertSame(Media[..2], data: null);
        AssertSame([Media[0] with { IsStopped = true }, Media[1]], data: null);
    }

    [Fact]
    public void Unchanged_section_is_not_written_again()
    {
        SessionDescription first = Offer(Media[..20], _numbers, _memory), second = Offer(Media[..22], _numbers, _memory);

        Assert.All(Enumerable.Range(1, 20), index => Assert.Same(first.Media[index], second.Media[index]));
    }

    [Fact]
    public void Section_whose_answer_is_unchanged_is_not_read_again()
    {
        SessionDescription offer = Offer(Media[..20], _numbers, _memory);
        NegotiatedSession first = Accept(offer, Answer(offer), null, _memory);
        SessionDescription later = Offer(Media[..22], _numbers, _memory);
        NegotiatedSession second = Accept(later, Answer(later), first, _memory);

        Assert.Equal(22, second.Media.Length);
        Assert.All(Enumerable.Range(0, 20), index => Assert.Same(first.Media[index], second.Media[index]));
    }

    [Fact]
    public void Section_like_others_takes_little_memory()
    {
        SessionDescription offer = Offer(Media[..4], _numbers, _memory);
        NegotiatedSession first = Accept(offer, Answer(offer), null, _memory);
        long few = LiveObjects.From(_memory).Bytes;
        SessionDescription later = Offer(Media, _numbers, _memory);
        Accept(later, Answer(later), first, _memory);

        Assert.InRange((LiveObjects.From(_memory).Bytes - few) / (Media.Length - 4), 1, 2_500);
    }

    [Theory]
    [InlineData("a=recvonly", "a=inactive")]
    [InlineData("a=rtcp-rsize\r\n", "")]
    [InlineData("m=audio 9 ", "m=audio 0 ")]
    public void Section_whose_answer_changes_is_read_again(string present, string instead)
    {
        SessionDescription offer = Offer(Media[..2], _numbers, _memory);
        string answer = Answer(offer).ToString();
        NegotiatedSession first = Accept(offer, SdpFixtures.Parse(answer), null, _memory);
        string changed = ReplaceLast(answer, present, instead);
        NegotiatedSession second = Accept(offer, SdpFixtures.Parse(changed), first, _memory);

        AssertSame(Accept(offer, SdpFixtures.Parse(changed), first, null), second);
        Assert.NotEqual(changed, answer);
        Assert.Same(first.Media[0], second.Media[0]);
        Assert.NotSame(first.Media[^1], second.Media[^1]);
    }

    [Fact]
    public void Direction_that_stands_above_the_sections_counts()
    {
        SessionDescription offer = Offer(Media[..2], _numbers, _memory);
        string answer = Answer(offer).ToString().Replace("a=recvonly\r\n", "", StringComparison.Ordinal);
        NegotiatedSession first = Accept(offer,
            SdpFixtures.Parse(answer.Replace("t=0 0\r\n", "t=0 0\r\na=recvonly\r\n", StringComparison.Ordinal)), null, _memory);
        NegotiatedSession second = Accept(offer,
            SdpFixtures.Parse(answer.Replace("t=0 0\r\n", "t=0 0\r\na=inactive\r\n", StringComparison.Ordinal)), first, _memory);

        Assert.All(first.Media, media => Assert.True(media.Sending));
        Assert.All(second.Media, media => Assert.False(media.Sending));
    }

    [Fact]
    public void Answer_that_is_refused_is_not_remembered()
    {
        SessionDescription offer = Offer(Media[..2], _numbers, _memory);
        string bad = ReplaceLast(Answer(offer).ToString(), "a=rtcp-mux\r\n", "");

        for (int i = 0; i < 2; i++)
            Assert.False(SessionNegotiator.TryAcceptAnswer(offer, SdpFixtures.Parse(bad), null, _memory, out _, out _));
    }

    private static string ReplaceLast(string text, string present, string instead)
    {
        int index = text.LastIndexOf(present, StringComparison.Ordinal);
        return text[..index] + instead + text[(index + present.Length)..];
    }

    private void AssertSame(ImmutableArray<OfferedMedia> media, LocalTransport? transport = null) =>
        AssertSame(media, new Mid("data"), transport);

    private void AssertSame(ImmutableArray<OfferedMedia> media, Mid? data, LocalTransport? transport = null)
    {
        SessionDescription offer = Offer(media, _numbers, _memory, data, transport);

        Assert.Equal(Offer(media, _forgetful, null, data, transport).ToString(), offer.ToString());
        SessionDescription answer = Answer(offer);
        AssertSame(Accept(offer, answer, null, null), Accept(offer, answer, null, _memory));
    }

    private static void AssertSame(NegotiatedSession expected, NegotiatedSession actual) =>
        Assert.Equal(expected.Media.Select(Text), actual.Media.Select(Text));

    private static string Text(NegotiatedMedia media) => string.Join(
        ' ', media.Mid, media.Kind, media.Receiving, media.Sending, media.ReducedSizeRtcp, media.LocalSource,
        string.Join(' ', media.Codecs), string.Join(' ', media.Extensions.Entries));

    private static SessionDescription Offer(
        ImmutableArray<OfferedMedia> media, OfferNumbers numbers, SectionMemory? memory, Mid? data, LocalTransport? transport) =>
        SessionNegotiator.CreateOffer(new OfferPolicy
        {
            Transport = transport ?? Policies.Transport,
            SessionId = 7,
            Data = data,
            Media = media,
            Numbers = numbers,
            Sections = memory,
        });

    private static SessionDescription Offer(ImmutableArray<OfferedMedia> media, OfferNumbers numbers, SectionMemory? memory) =>
        Offer(media, numbers, memory, new Mid("data"), null);

    private static SessionDescription Answer(SessionDescription offer) => Policies.Answer(offer, new AnswerPolicy
    {
        Transport = Policies.Transport with { UsernameFragment = "other", IsIceLite = false },
        SessionId = 7,
        Direction = MediaDirection.SendReceive,
        DecideSection = _ => new SectionDecision(Receive: true, Source: null),
        AcceptsData = true,
        MayBeIdle = true,
        RequiredKinds = [],
        EstablishedRole = DtlsRole.Client,
    }).LocalDescription;

    private static NegotiatedSession Accept(SessionDescription offer, SessionDescription answer, NegotiatedSession? established,
        SectionMemory? memory)
    {
        Assert.True(SessionNegotiator.TryAcceptAnswer(offer, answer, established, memory, out NegotiatedSession? session,
            out NegotiationError? error), error?.ToString());
        return session!;
    }

    private static OfferedMedia Section(int number)
    {
        bool isVideo = number % 2 == 1;
        RtpCodec codec = isVideo
            ? Policies.Codec(CodecKind.Vp8, retransmission: 0) with { Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli }
            : Policies.Codec(CodecKind.Opus, "minptime=10;useinbandfec=1");
        return new OfferedMedia
        {
            Mid = new Mid($"{number}"),
            Kind = isVideo ? MediaKind.Video : MediaKind.Audio,
            Direction = MediaDirection.Send,
            Codecs = [codec],
            Extensions = [HeaderExtensionKind.Mid],
            Source = new LocalSource(new Ssrc((uint)number * 1000), isVideo ? new Ssrc(((uint)number * 1000) + 1)
                : null, "cname", $"PA_{number}", $"TR_{number}"),
        };
    }
}
