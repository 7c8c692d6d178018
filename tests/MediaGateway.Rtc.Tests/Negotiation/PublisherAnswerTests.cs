using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>Offers of real publishers, answered as for WHIP.</summary>
public sealed class PublisherAnswerTests
{
    [Theory]
    [InlineData("chromium-offer-av1svc-gathered", "opus/111 red/63", "AV1/45")]
    [InlineData("chromium-offer-h264sim-gathered", "opus/111 red/63", "H264/102")]
    [InlineData("chromium-offer-h265-gathered", "opus/111 red/63", "VP8/96")]
    [InlineData("chromium-offer-plain-gathered", "opus/111 red/63", "VP8/96")]
    [InlineData("chromium-offer-vp8sim-gathered", "opus/111 red/63", "VP8/96")]
    [InlineData("chromium-offer-vp9svc-gathered", "opus/111 red/63", "VP9/98")]
    [InlineData("firefox-offer-vp8sim", "opus/109", "VP8/120")]
    [InlineData("gst-webrtcbin-offer", "opus/111", "VP8/96")]
    [InlineData("roamhq-wrtc-offer", "opus/111 red/63", "VP8/96")]
    public void Offer_of_a_real_client_is_answered(string fixture, string audioCodecs, string firstVideoCodec)
    {
        NegotiatedSession session = Policies.Answer(SdpFixtures.Read(fixture), Policies.Receive);

        NegotiatedMedia audio = session.Media.Single(media => media.Kind == MediaKind.Audio);
        NegotiatedMedia video = session.Media.Single(media => media.Kind == MediaKind.Video);
        Assert.All(session.Media, media => Assert.True(media is { Receiving: true, Sending: false, LocalSource: null }));
        Assert.Equal(audioCodecs, string.Join(' ', audio.Codecs.Select(codec => $"{CodecNames.Of(codec.Kind)}/{codec.PayloadType}")));
        Assert.Equal(firstVideoCodec, $"{CodecNames.Of(video.Codecs[0].Kind)}/{video.Codecs[0].PayloadType}");
        Assert.Equal(DtlsRole.Server, session.LocalDtlsRole);
        Assert.Single(session.RemoteFingerprints);
        SdpFixtures.Parse(session.LocalDescription.ToString());
    }

    [Fact]
    public void Chromium_simulcast_answer_is_this_text()
    {
        NegotiatedSession session = Policies.Answer(
            SdpFixtures.Read("chromium-offer-vp8sim-gathered"),
            Policies.Receive with { AllowedCodecs = [CodecKind.Opus, CodecKind.Vp8, CodecKind.H264] });

        Assert.Equal(Policies.Lines($"""
            v=0
            o=- 42 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1
            a=ice-lite
            a=ice-options:trickle ice2
            a=extmap-allow-mixed
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            c=IN IP4 0.0.0.0
            a=mid:0
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:passive
            a=candidate:1 1 udp 2130706431 198.51.100.1 7882 typ host
            a=end-of-candidates
            a=recvonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
            a=rtpmap:111 opus/48000/2
            a=rtcp-fb:111 transport-cc
            a=fmtp:111 minptime=10;useinbandfec=1
            m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 108 109 116 117
            c=IN IP4 0.0.0.0
            a=mid:1
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:passive
            a=recvonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:13 urn:3gpp:video-orientation
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
            a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type
            a=extmap:8 http://www.webrtc.org/experiments/rtp-hdrext/color-space
            a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
            a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
            a=extmap:12 https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension
            a=rtpmap:96 VP8/90000
            a=rtcp-fb:96 nack
            a=rtcp-fb:96 nack pli
            a=rtcp-fb:96 ccm fir
            a=rtcp-fb:96 transport-cc
            a=rtpmap:97 rtx/90000
            a=fmtp:97 apt=96
            a=rtpmap:102 H264/90000
            a=rtcp-fb:102 nack
            a=rtcp-fb:102 nack pli
            a=rtcp-fb:102 ccm fir
            a=rtcp-fb:102 transport-cc
            a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
            a=rtpmap:103 rtx/90000
            a=fmtp:103 apt=102
            a=rtpmap:108 H264/90000
            a=rtcp-fb:108 nack
            a=rtcp-fb:108 nack pli
            a=rtcp-fb:108 ccm fir
            a=rtcp-fb:108 transport-cc
            a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
            a=rtpmap:109 rtx/90000
            a=fmtp:109 apt=108
            a=rtpmap:116 H264/90000
            a=rtcp-fb:116 nack
            a=rtcp-fb:116 nack pli
            a=rtcp-fb:116 ccm fir
            a=rtcp-fb:116 transport-cc
            a=fmtp:116 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f
            a=rtpmap:117 rtx/90000
            a=fmtp:117 apt=116
            a=rid:q recv
            a=rid:h recv
            a=rid:f recv
            a=simulcast:recv q;h;f
            m=application 0 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=mid:2
            a=inactive
            """), Policies.Lines(session.LocalDescription.ToString()));
    }

    [Fact]
    public void Firefox_simulcast_answer_is_this_text()
    {
        NegotiatedSession session = Policies.Answer(
            SdpFixtures.Read("firefox-offer-vp8sim"), Policies.Receive with { AllowedCodecs = [CodecKind.Opus, CodecKind.Vp8] });

        Assert.Equal(Policies.Lines($"""
            v=0
            o=- 42 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1
            a=ice-lite
            a=ice-options:trickle ice2
            m=audio 9 UDP/TLS/RTP/SAVPF 109
            c=IN IP4 0.0.0.0
            a=mid:0
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:passive
            a=candidate:1 1 udp 2130706431 198.51.100.1 7882 typ host
            a=end-of-candidates
            a=recvonly
            a=rtcp-mux
            a=extmap-allow-mixed
            a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=rtpmap:109 opus/48000/2
            a=rtcp-fb:109 transport-cc
            a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
            m=video 9 UDP/TLS/RTP/SAVPF 120 124
            c=IN IP4 0.0.0.0
            a=mid:1
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:passive
            a=recvonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap-allow-mixed
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=extmap:8/recvonly https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension
            a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
            a=extmap:10/recvonly urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
            a=rtpmap:120 VP8/90000
            a=rtcp-fb:120 nack
            a=rtcp-fb:120 nack pli
            a=rtcp-fb:120 ccm fir
            a=rtcp-fb:120 transport-cc
            a=rtpmap:124 rtx/90000
            a=fmtp:124 apt=120
            a=rid:q recv
            a=rid:h recv
            a=rid:f recv
            a=simulcast:recv q;h;f
            m=application 0 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=mid:2
            a=inactive
            """), Policies.Lines(session.LocalDescription.ToString()));
    }

    [Fact]
    public void Chromium_simulcast_session_is_read()
    {
        NegotiatedSession session = Policies.Answer(SdpFixtures.Read("chromium-offer-vp8sim-gathered"), Policies.Receive);

        Assert.Equal(("bngC", "baO/wyfFC9O93iWVhj0senmR", false), (session.Ice.UsernameFragment, session.Ice.Password, session.Ice.IsLite));
        Assert.NotEmpty(session.Ice.Candidates);
        Assert.All(session.Ice.Candidates, candidate => Assert.Contains(" typ host", candidate, StringComparison.Ordinal));
        NegotiatedMedia audio = session.Media[0], video = session.Media[1];
        Assert.Equal([new RemoteSource(new Ssrc(4084923749), null)], audio.RemoteSources.AsEnumerable());
        Assert.Empty(video.RemoteSources);
        Assert.Equal(["q", "h", "f"], video.ReceiveEncodings.Select(rid => rid.Value));
        Assert.Equal(10, video.Extensions.IdOf(HeaderExtensionKind.RtpStreamId));
        Assert.Equal(0, video.Extensions.IdOf(HeaderExtensionKind.AbsoluteSendTime));
        Assert.Equal(new PayloadType(97), video.Codecs[0].RetransmissionPayloadType);
        Assert.Equal(
            RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.Fir
            | RtcpFeedbackKinds.TransportCc, video.Codecs[0].Feedback);
        Assert.Equal("6a2dac0d-6169-4791-a5da-0a347e2f0108 eb0dc6fa-1a6b-4721-ae0b-ef350750ee3d", video.RemoteMsid);
        Assert.True(video.ReducedSizeRtcp);
    }

    [Fact]
    public void Chromium_source_and_its_retransmission_are_paired()
    {
        NegotiatedSession session = Policies.Answer(SdpFixtures.Read("chromium-offer-plain-gathered"), Policies.Receive);

        Assert.Equal([new RemoteSource(new Ssrc(3273306955), new Ssrc(933987281))], session.Media[1].RemoteSources.AsEnumerable());
        Assert.Empty(session.Media[1].ReceiveEncodings);
    }

    [Fact]
    public void Firefox_has_encodings_and_sources_side_by_side()
    {
        NegotiatedMedia video = Policies.Answer(SdpFixtures.Read("firefox-offer-vp8sim"), Policies.Receive).Media[1];

        Assert.Equal(["q", "h", "f"], video.ReceiveEncodings.Select(rid => rid.Value));
        Assert.Equal(
            [
                new RemoteSource(new Ssrc(816618007), new Ssrc(3509115497)),
                new RemoteSource(new Ssrc(2141962331), new Ssrc(896946412)),
                new RemoteSource(new Ssrc(227136506), new Ssrc(3629878359)),
            ],
            video.RemoteSources.AsEnumerable());
    }

    [Fact]
    public void Gstreamer_bundle_only_section_is_accepted()
    {
        NegotiatedSession session = Policies.Answer(SdpFixtures.Read("gst-webrtcbin-offer"), Policies.Receive);

        Assert.Equal(["video0", "audio1"], session.LocalDescription.Bundle!.Mids.Select(mid => mid.Value));
        Assert.All(session.LocalDescription.Media, media => Assert.Equal(9, media.Port));
        Assert.Equal("user3304033988@host-e2439ef1 webrtctransceiver0", session.Media[0].RemoteMsid);
        // It offers transport-cc, but no extension that would carry the sequence number.
        Assert.Equal(RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.Fir, session.Media[0].Codecs[0].Feedback);
        Assert.DoesNotContain("sprop-", session.LocalDescription.ToString(), StringComparison.Ordinal);
    }
}
