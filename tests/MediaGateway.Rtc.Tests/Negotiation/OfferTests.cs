using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

public sealed class OfferTests
{
    private static readonly OfferPolicy Policy = new()
    {
        Transport = Policies.Transport,
        SessionId = 42,
        SessionVersion = 3,
        Media =
        [
            new OfferedMedia
            {
                Mid = new Mid("a"),
                Kind = MediaKind.Audio,
                Direction = MediaDirection.Send,
                Codecs = [Policies.Codec(CodecKind.Red), Policies.Codec(CodecKind.Opus, "minptime=10;useinbandfec=1")],
                Extensions = [HeaderExtensionKind.Mid, HeaderExtensionKind.AudioLevel],
                Source = new LocalSource(new Ssrc(1000), new Ssrc(1001), "cname", "stream", "audio"),
            },
            new OfferedMedia
            {
                Mid = new Mid("v"),
                Kind = MediaKind.Video,
                Direction = MediaDirection.Send,
                Codecs =
                    [Policies.Codec(CodecKind.Vp8, retransmission: 0) with { Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli }],
                Extensions = [HeaderExtensionKind.VideoOrientation, HeaderExtensionKind.Mid],
                Source = new LocalSource(new Ssrc(2000), new Ssrc(2001), "cname", "stream", "video"),
            },
            new OfferedMedia
            {
                Mid = new Mid("r"),
                Kind = MediaKind.Video,
                Direction = MediaDirection.Receive,
                Codecs = [Policies.Codec(CodecKind.Vp8, retransmission: 0),
                    Policies.Codec(CodecKind.H264, "packetization-mode=1;profile-level-id=42e01f")],
            },
        ],
    };

    [Fact]
    public void Offer_is_this_text()
    {
        Assert.Equal(Policies.Lines($"""
            v=0
            o=- 42 3 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE a v r
            a=ice-lite
            a=ice-options:trickle ice2
            a=extmap-allow-mixed
            m=audio 9 UDP/TLS/RTP/SAVPF 97 96
            c=IN IP4 0.0.0.0
            a=mid:a
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:actpass
            a=candidate:1 1 udp 2130706431 198.51.100.1 7882 typ host
            a=end-of-candidates
            a=sendonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level
            a=rtpmap:97 red/48000/2
            a=fmtp:97 96/96
            a=rtpmap:96 opus/48000/2
            a=fmtp:96 minptime=10;useinbandfec=1
            a=msid:stream audio
            a=ssrc:1000 cname:cname
            a=ssrc:1000 msid:stream audio
            m=video 9 UDP/TLS/RTP/SAVPF 98 99
            c=IN IP4 0.0.0.0
            a=mid:v
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:actpass
            a=sendonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:3 urn:3gpp:video-orientation
            a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
            a=rtpmap:98 VP8/90000
            a=rtcp-fb:98 nack
            a=rtcp-fb:98 nack pli
            a=rtpmap:99 rtx/90000
            a=fmtp:99 apt=98
            a=msid:stream video
            a=ssrc:2000 cname:cname
            a=ssrc:2000 msid:stream video
            a=ssrc:2001 cname:cname
            a=ssrc:2001 msid:stream video
            a=ssrc-group:FID 2000 2001
            m=video 9 UDP/TLS/RTP/SAVPF 98 99 100
            c=IN IP4 0.0.0.0
            a=mid:r
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:actpass
            a=recvonly
            a=rtcp-mux
            a=rtcp-rsize
            a=rtpmap:98 VP8/90000
            a=rtpmap:99 rtx/90000
            a=fmtp:99 apt=98
            a=rtpmap:100 H264/90000
            a=fmtp:100 packetization-mode=1;profile-level-id=42e01f
            """), Policies.Lines(SessionNegotiator.CreateOffer(Policy).ToString()));
    }

    [Fact]
    public void Offer_and_answer_of_ours_meet()
    {
        SessionDescription offer = SessionNegotiator.CreateOffer(Policy);
        var full = Policies.Transport with { UsernameFragment = "other", IsIceLite = false };
        NegotiatedSession answerer = Policies.Answer(
            offer, Policies.Send with { Transport = full, Direction = MediaDirection.SendReceive, MaxVideoSections = 2 });

        NegotiatedSession offerer = Accept(offer, answerer.LocalDescription);

        Assert.Equal((DtlsRole.Client, DtlsRole.Server), (offerer.LocalDtlsRole, answerer.LocalDtlsRole));
        Assert.Equal(("other", "localufrag"), (offerer.Ice.UsernameFragment, answerer.Ice.UsernameFragment));
        Assert.True(answerer.Ice.IsLite);
        foreach ((NegotiatedMedia ours, NegotiatedMedia theirs) in offerer.Media.Zip(answerer.Media))
        {
            Assert.Equal((ours.Mid, ours.Kind, ours.Sending, ours.Receiving), (theirs.Mid, theirs.Kind, theirs.Receiving, theirs.Sending));
            Assert.Equal(ours.Codecs.AsEnumerable(), theirs.Codecs.AsEnumerable());
            Assert.Equal(ours.Extensions.Entries, theirs.Extensions.Entries);
            Assert.Equal(ours.LocalSource?.Primary, theirs.RemoteSources.FirstOrDefault() is { Primary.Value: > 0 } source ? source.Primary
                : null);
        }
        Assert.Equal(new LocalSource(new Ssrc(2000), new Ssrc(2001), "cname", "stream", "video"), offerer.Media[1].LocalSource);
        Assert.Equal("stream video", offerer.Media[2].RemoteMsid);
    }

    [Fact]
    public void More_codecs_than_payload_types_is_a_bug_of_the_caller()
    {
        OfferedMedia media = Policy.Media[2] with
        { Codecs = [.. Enumerable.Range(0, 62).Select(i => Policies.Codec(CodecKind.Vp9, $"profile-id={i}"))] };

        Assert.Throws<ArgumentException>(() => SessionNegotiator.CreateOffer(Policy with { Media = [media] }));
    }

    [Fact]
    public void Payload_types_stay_clear_of_rtcp()
    {
        OfferedMedia media = Policy.Media[2] with
        { Codecs = [.. Enumerable.Range(0, 61).Select(i => Policies.Codec(CodecKind.Vp9, $"profile-id={i}"))] };

        SessionDescription offer = SessionNegotiator.CreateOffer(Policy with { Media = [media] });

        Assert.All(offer.Media[0].RtpMaps, map => Assert.True(map.PayloadType.Value is >= 96 or (>= 35 and <= 63)));
    }

    [Fact]
    public void Redundancy_without_opus_is_a_bug_of_the_caller()
    {
        OfferedMedia media = Policy.Media[0] with { Codecs = [Policies.Codec(CodecKind.Red)] };

        Assert.Throws<ArgumentException>(() => SessionNegotiator.CreateOffer(Policy with { Media = [media] }));
    }

    private static NegotiatedSession Accept(SessionDescription offer, SessionDescription answer)
    {
        Assert.True(SessionNegotiator.TryAcceptAnswer(offer, answer, out NegotiatedSession? session, out NegotiationError? error),
            error?.ToString());
        Assert.Same(offer, session!.LocalDescription);
        SdpFixtures.Parse(answer.ToString());
        return session;
    }
}
