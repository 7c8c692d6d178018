using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>Offers of viewers, answered as for WHEP.</summary>
public sealed class ViewerAnswerTests
{
    [Theory]
    [InlineData("chromium-offer-av1svc-gathered")]
    [InlineData("chromium-offer-h264sim-gathered")]
    [InlineData("chromium-offer-h265-gathered")]
    [InlineData("chromium-offer-plain-gathered")]
    [InlineData("chromium-offer-vp8sim-gathered")]
    [InlineData("chromium-offer-vp9svc-gathered")]
    [InlineData("firefox-offer-vp8sim")]
    [InlineData("gst-webrtcbin-offer")]
    [InlineData("roamhq-wrtc-offer")]
    public void Offer_of_a_real_client_is_answered(string fixture)
    {
        NegotiatedSession session = Policies.Answer(Policies.ViewerOffer(fixture), Policies.Send);

        Assert.Equal(2, session.Media.Length);
        Assert.All(session.Media, media =>
            Assert.True(media is { Receiving: false, Sending: true, LocalSource: not null, RemoteMsid: null }));
        Assert.All(session.Media, media => Assert.True(media.RemoteSources.IsEmpty && media.ReceiveEncodings.IsEmpty));
        Assert.All(session.Media.SelectMany(media => media.Codecs), codec =>
            Assert.Equal(RtcpFeedbackKinds.None, codec.Feedback & RtcpFeedbackKinds.Remb));
        // What is sent is numbered where the offer has both lines, the extmap too: GStreamer's has not.
        bool isNumbered = fixture != "gst-webrtcbin-offer";
        Assert.All(session.Media, media => Assert.Equal(isNumbered, media.IsNumbered));
        Assert.All(session.Media, media =>
            Assert.Equal(isNumbered, media.Extensions.IdOf(HeaderExtensionKind.TransportSequenceNumber) != 0));
        Assert.All(session.Media, media =>
            Assert.Equal(isNumbered, media.Codecs.Any(codec => codec.Feedback.HasFlag(RtcpFeedbackKinds.TransportCc))));
        Assert.All(session.Media, media => Assert.Equal(0, media.Extensions.IdOf(HeaderExtensionKind.RtpStreamId)));
    }

    [Fact]
    public void Chromium_answer_is_this_text()
    {
        NegotiatedSession session = Policies.Answer(
            Policies.ViewerOffer("chromium-offer-plain-gathered"), Policies.Send with
            { AllowedCodecs = [CodecKind.Opus, CodecKind.Red, CodecKind.Vp9] });

        Assert.Equal(Policies.Lines($"""
            v=0
            o=- 42 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1
            a=ice-lite
            a=ice-options:trickle ice2
            a=extmap-allow-mixed
            m=audio 9 UDP/TLS/RTP/SAVPF 111 63
            c=IN IP4 0.0.0.0
            a=mid:0
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:passive
            a=candidate:1 1 udp 2130706431 198.51.100.1 7882 typ host
            a=end-of-candidates
            a=sendonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
            a=rtpmap:111 opus/48000/2
            a=rtcp-fb:111 transport-cc
            a=fmtp:111 minptime=10;useinbandfec=1
            a=rtpmap:63 red/48000/2
            a=fmtp:63 111/111
            a=msid:stream audio
            a=ssrc:1000 cname:cname
            a=ssrc:1000 msid:stream audio
            m=video 9 UDP/TLS/RTP/SAVPF 98 99 100 101
            c=IN IP4 0.0.0.0
            a=mid:1
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:passive
            a=sendonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:13 urn:3gpp:video-orientation
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
            a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type
            a=extmap:8 http://www.webrtc.org/experiments/rtp-hdrext/color-space
            a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
            a=rtpmap:98 VP9/90000
            a=rtcp-fb:98 nack
            a=rtcp-fb:98 nack pli
            a=rtcp-fb:98 ccm fir
            a=rtcp-fb:98 transport-cc
            a=fmtp:98 profile-id=0
            a=rtpmap:99 rtx/90000
            a=fmtp:99 apt=98
            a=rtpmap:100 VP9/90000
            a=rtcp-fb:100 nack
            a=rtcp-fb:100 nack pli
            a=rtcp-fb:100 ccm fir
            a=rtcp-fb:100 transport-cc
            a=fmtp:100 profile-id=2
            a=rtpmap:101 rtx/90000
            a=fmtp:101 apt=100
            a=msid:stream video
            a=ssrc:2000 cname:cname
            a=ssrc:2000 msid:stream video
            a=ssrc:2001 cname:cname
            a=ssrc:2001 msid:stream video
            a=ssrc-group:FID 2000 2001
            m=application 0 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=mid:2
            a=inactive
            """), Policies.Lines(session.LocalDescription.ToString()));
    }

    [Fact]
    public void Codec_of_the_stream_comes_first()
    {
        AnswerPolicy policy = Policies.Send with
        { PreferredCodecs = [Policies.Codec(CodecKind.Vp9, "profile-id=2"), Policies.Codec(CodecKind.Opus)] };

        NegotiatedMedia video = Policies.Answer(Policies.ViewerOffer("chromium-offer-plain-gathered"), policy).Media[1];

        Assert.Equal([100, 96, 98, 102, 108, 116, 45], Policies.PayloadTypes(video.Codecs));
    }

    [Fact]
    public void Stream_the_viewer_cannot_decode_is_refused_in_words()
    {
        AnswerPolicy policy = Policies.Send with { PreferredCodecs = [Policies.Codec(CodecKind.H265)] };

        NegotiationError error = Policies.Refuse(Policies.ViewerOffer("firefox-offer-vp8sim"), policy);

        Assert.Equal((NegotiationErrorCode.NoCommonCodec, new Mid("1")), (error.Code, error.Mid));
        Assert.Equal("The stream's video is H265; the offer has VP8, VP9, AV1, ulpfec, red.", error.Message);
    }

    [Fact]
    public void Stream_without_a_kind_leaves_that_kind_open()
    {
        AnswerPolicy policy = Policies.Send with { PreferredCodecs = [Policies.Codec(CodecKind.Opus)] };

        NegotiatedMedia video = Policies.Answer(Policies.ViewerOffer("firefox-offer-vp8sim"), policy).Media[1];

        Assert.Equal([120, 121, 99], Policies.PayloadTypes(video.Codecs));
    }

    [Fact]
    public void Source_without_retransmission_has_one_ssrc()
    {
        NegotiatedSession session = Policies.Answer(Policies.ViewerOffer("gst-webrtcbin-offer"), Policies.Send);

        Assert.All(session.Media, media => Assert.Null(media.LocalSource!.Retransmission));
        Assert.DoesNotContain("FID", session.LocalDescription.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_that_sends_without_sources_is_a_bug_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => SessionNegotiator.TryAnswer(
            Policies.ViewerOffer("gst-webrtcbin-offer"), Policies.Receive with { Direction = MediaDirection.Send }, out _, out _));
    }
}
