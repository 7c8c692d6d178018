using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>Answers of real clients to offers that fit them.</summary>
public sealed class AcceptedAnswerTests
{
    private const string FirefoxOffer = "firefox-offer-vp8sim";
    private const string FirefoxAnswer = "firefox-answer";

    [Fact]
    public void Firefox_answer_is_accepted()
    {
        NegotiatedSession session = Accept(SdpFixtures.Read(FirefoxOffer), SdpFixtures.Read(FirefoxAnswer));

        Assert.Equal(DtlsRole.Server, session.LocalDtlsRole);
        Assert.Equal(("f32e2a88", "27b8a2cb8c2141c48211181d34d92aa4"), (session.Ice.UsernameFragment, session.Ice.Password));
        Assert.Equal(2, session.Ice.Candidates.Length);
        Assert.StartsWith("sha-256 C4:11:BA", session.RemoteFingerprints.Single().ToString(), StringComparison.Ordinal);
        NegotiatedMedia audio = session.Media[0], video = session.Media[1];
        Assert.True(session.Media is [{ Sending: true, Receiving: false }, { Sending: true, Receiving: false }]);
        Assert.Equal([109], Policies.PayloadTypes(audio.Codecs));
        Assert.Equal([120, 121, 99], Policies.PayloadTypes(video.Codecs));
        Assert.Equal(new PayloadType(124), video.Codecs[0].RetransmissionPayloadType);
        Assert.Equal(3, video.Extensions.IdOf(HeaderExtensionKind.Mid));
        Assert.Equal(0, video.Extensions.IdOf(HeaderExtensionKind.DependencyDescriptor));
        Assert.Equal((new Ssrc(816618007), new Ssrc(3509115497)), (video.LocalSource!.Primary, video.LocalSource.Retransmission!.Value));
        Assert.Equal("{353e6509-efc4-411a-9325-82a0b4490ac1}", video.LocalSource.TrackId);
        Assert.Empty(video.RemoteSources);
        Assert.True(video.ReducedSizeRtcp);
        Assert.False(audio.ReducedSizeRtcp);
    }

    [Fact]
    public void Libwebrtc_answer_is_accepted()
    {
        NegotiatedSession session = Accept(SdpFixtures.Read("roamhq-wrtc-offer"), SdpFixtures.Read("roamhq-wrtc-answer"));

        Assert.Equal(DtlsRole.Server, session.LocalDtlsRole);
        Assert.Equal([96, 39, 98, 100], Policies.PayloadTypes(session.Media[0].Codecs));
        Assert.Equal([111, 63], Policies.PayloadTypes(session.Media[1].Codecs));
        Assert.Equal(RtcpFeedbackKinds.TransportCc, session.Media[1].Codecs[0].Feedback);
        Assert.Equal(9, session.Media[0].Extensions.IdOf(HeaderExtensionKind.Mid));
        Assert.Equal(new Ssrc(2816335627), session.Media[1].LocalSource!.Primary);
        Assert.Null(session.Media[0].LocalSource);
    }

    [Theory]
    [InlineData("m=application 53926 ", "m=application 0 ", null)]
    [InlineData("a=setup:active", "a=setup:passive", null)]
    [InlineData("a=setup:active", "a=setup:actpass", NegotiationErrorCode.InvalidSetup)]
    [InlineData("a=group:BUNDLE 0 1 2\r\n", "", NegotiationErrorCode.BundleRequired)]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:sha-1", NegotiationErrorCode.FingerprintRequired)]
    [InlineData("a=rtcp-mux\r\n", "", NegotiationErrorCode.RtcpMuxRequired)]
    [InlineData("a=ice-ufrag:f32e2a88\r\n", "", NegotiationErrorCode.IceCredentialsRequired)]
    [InlineData("m=audio", "m=video", NegotiationErrorCode.MismatchedAnswer)]
    [InlineData("BUNDLE 0 1 2\r\n", "BUNDLE 0 1 9\r\n", NegotiationErrorCode.InvalidBundle)]
    [InlineData("m=audio 53926", "m=audio 0", null)]
    [InlineData("opus/48000", "opus/44100", NegotiationErrorCode.NoCommonCodec)]
    public void Answer_with_one_thing_changed(string present, string instead, NegotiationErrorCode? code)
    {
        SessionDescription answer = SdpFixtures.Parse(SdpFixtures.Text(FirefoxAnswer).Replace(present, instead, StringComparison.Ordinal));

        bool accepted = SessionNegotiator.TryAcceptAnswer(SdpFixtures.Read(FirefoxOffer), answer, out _, out NegotiationError? error);

        Assert.Equal((code is null, code), (accepted, error?.Code));
    }

    [Fact]
    public void Answer_that_rejects_everything_has_no_media()
    {
        string text = SdpFixtures.Text(FirefoxAnswer).Replace(" 53926 ", " 0 ", StringComparison.Ordinal);

        Assert.False(
            SessionNegotiator.TryAcceptAnswer(SdpFixtures.Read(FirefoxOffer), SdpFixtures.Parse(text), out _, out NegotiationError? error));
        Assert.Equal(NegotiationErrorCode.NoMedia, error!.Code);
    }

    [Fact]
    public void Answer_with_another_number_of_sections_is_refused()
    {
        Assert.False(SessionNegotiator.TryAcceptAnswer(
            SdpFixtures.Read("gst-webrtcbin-offer"), SdpFixtures.Read(FirefoxAnswer), out _, out NegotiationError? error));
        Assert.Equal(NegotiationErrorCode.MismatchedAnswer, error!.Code);
    }

    [Fact]
    public void Extension_under_another_id_than_offered_does_not_count()
    {
        string text = SdpFixtures.Text(FirefoxAnswer).Replace("a=extmap:3 ", "a=extmap:12 ", StringComparison.Ordinal);

        NegotiatedSession session = Accept(SdpFixtures.Read(FirefoxOffer), SdpFixtures.Parse(text));

        Assert.Equal(0, session.Media[0].Extensions.IdOf(HeaderExtensionKind.Mid));
    }

    [Fact]
    public void Transport_is_that_of_the_answerers_first_section_even_without_media()
    {
        string text = SdpFixtures.Text(FirefoxAnswer).Replace("BUNDLE 0 1 2", "BUNDLE 2 0 1", StringComparison.Ordinal);
        int data = text.IndexOf("m=application", StringComparison.Ordinal);
        text = text[..data] + text[data..].Replace("a=ice-ufrag:f32e2a88", "a=ice-ufrag:data", StringComparison.Ordinal);

        Assert.Equal("data", Accept(SdpFixtures.Read(FirefoxOffer), SdpFixtures.Parse(text)).Ice.UsernameFragment);
    }

    private static NegotiatedSession Accept(SessionDescription offer, SessionDescription answer)
    {
        Assert.True(SessionNegotiator.TryAcceptAnswer(offer, answer, out NegotiatedSession? session, out NegotiationError? error),
            error?.ToString());
        return session!;
    }
}
