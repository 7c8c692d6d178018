using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>One rule of the answer a test.</summary>
public sealed class AnswerRuleTests
{
    private static readonly string TwoSections = Offers.Session("a=group:BUNDLE 0 1\n")
        + Offers.Audio("0", "a=sendonly\n" + Offers.Opus) + Offers.Video("1", "a=sendonly\n" + Offers.Vp8);

    [Theory]
    [InlineData("a=group:BUNDLE 0 1\n", "", NegotiationErrorCode.BundleRequired)]
    [InlineData("a=group:BUNDLE 0 1\n", "a=group:BUNDLE\n", NegotiationErrorCode.BundleRequired)]
    [InlineData("a=group:BUNDLE 0 1\n", "a=group:BUNDLE 0 7\n", NegotiationErrorCode.InvalidBundle)]
    [InlineData("a=group:BUNDLE 0 1\n", "a=group:BUNDLE 0 1\na=ice-lite\n", NegotiationErrorCode.FullIceRequired)]
    [InlineData("a=mid:1\n", "a=mid:0\n", NegotiationErrorCode.DuplicateMid)]
    [InlineData("a=rtcp-mux\n", "", NegotiationErrorCode.RtcpMuxRequired)]
    [InlineData("a=ice-ufrag:abcd\n", "", NegotiationErrorCode.IceCredentialsRequired)]
    [InlineData("a=ice-pwd:abcdabcdabcdabcdabcdabcd\n", "", NegotiationErrorCode.IceCredentialsRequired)]
    [InlineData("a=fingerprint:sha-256", "a=x-fingerprint:", NegotiationErrorCode.FingerprintRequired)]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:sha-1", NegotiationErrorCode.FingerprintRequired)]
    [InlineData("a=setup:actpass\n", "a=setup:holdconn\n", NegotiationErrorCode.InvalidSetup)]
    [InlineData("opus/48000/2", "PCMU/8000", null)]
    [InlineData("opus/48000/2", "opus/48000", NegotiationErrorCode.NoCommonCodec)]
    [InlineData("a=sendonly\n", "a=recvonly\n", NegotiationErrorCode.NoMedia)]
    [InlineData("m=video 9", "m=text 9", null)]
    [InlineData("a=setup:actpass\n", "", null)]
    public void Offer_lacking_one_thing_is_refused(string present, string instead, NegotiationErrorCode? code)
    {
        SessionDescription offer = Offers.Parse(TwoSections.Replace(present, instead, StringComparison.Ordinal));

        bool answered = SessionNegotiator.TryAnswer(offer, Policies.Receive, out _, out NegotiationError? error);

        Assert.Equal((code is null, code), (answered, error?.Code));
    }

    [Theory]
    [InlineData("actpass", DtlsRole.Server, "passive")]
    [InlineData("active", DtlsRole.Server, "passive")]
    [InlineData("passive", DtlsRole.Client, "active")]
    public void Setup_decides_the_role(string offered, DtlsRole role, string answered)
    {
        SessionDescription offer = Offers.Parse(TwoSections.Replace("setup:actpass", "setup:" + offered, StringComparison.Ordinal));

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive);

        Assert.Equal(role, session.LocalDtlsRole);
        Assert.All(session.LocalDescription.Media, media => Assert.Equal(answered, media.FindAttribute("setup")));
    }

    [Theory]
    [InlineData("m=audio 9", "m=audio 0")]
    [InlineData("a=group:BUNDLE 0 1", "a=group:BUNDLE 1")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=text 9 UDP/TLS/RTP/SAVPF 111")]
    [InlineData("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=audio 9 RTP/X 111")]
    public void First_accepted_section_stands_for_the_bundle(string present, string instead)
    {
        SessionDescription offer = Offers.Parse(TwoSections.Replace(present, instead, StringComparison.Ordinal));

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive);

        SessionDescription answer = session.LocalDescription;
        Assert.Equal("1", answer.Bundle!.Mids.Single().Value);
        Assert.Equal((0, 9), (answer.Media[0].Port, answer.Media[1].Port));
        Assert.Empty(answer.Media[0].Candidates);
        Assert.Null(answer.Media[0].IceUsernameFragment);
        Assert.Single(answer.Media[1].Candidates);
        Assert.True(answer.Media[1].HasEndOfCandidates);
    }

    [Theory]
    [InlineData("UDP/TLS/RTP/SAVP")]
    [InlineData("TCP/DTLS/RTP/SAVPF")]
    [InlineData("TCP/DTLS/RTP/SAVP")]
    [InlineData("RTP/SAVPF")]
    [InlineData("RTP/SAVP")]
    [InlineData("RTP/AVPF")]
    [InlineData("RTP/AVP")]
    public void Any_profile_that_means_secured_media_is_taken_and_comes_back(string profile)
    {
        SessionDescription offer = Offers.Parse(TwoSections.Replace("UDP/TLS/RTP/SAVPF", profile, StringComparison.Ordinal));

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive);

        Assert.Equal(2, session.Media.Length);
        Assert.All(session.LocalDescription.Media, media => Assert.Equal((9, profile), (media.Port, media.Protocol)));
    }

    [Fact]
    public void Offer_of_a_profile_that_is_none_is_told_so()
    {
        SessionDescription offer =
            Offers.Parse(TwoSections.Replace("UDP/TLS/RTP/SAVPF", "udp/tls/rtp/savpf", StringComparison.Ordinal));

        Assert.False(SessionNegotiator.TryAnswer(offer, Policies.Receive, out _, out NegotiationError? error));
        Assert.Equal((NegotiationErrorCode.NoMedia, "0"), (error!.Code, error.Mid?.Value));
        Assert.Equal("The m= line names udp/tls/rtp/savpf, which the gateway does not serve; write UDP/TLS/RTP/SAVPF.", error.Message);
    }

    [Fact]
    public void Transport_is_that_of_the_section_that_stands_for_the_bundle()
    {
        // Before a bundle is agreed each section may have a transport of its own (RFC 9143 section 7.2).
        int second = TwoSections.IndexOf("m=video", StringComparison.Ordinal);
        string text = TwoSections[..second].Replace("m=audio 9", "m=audio 0", StringComparison.Ordinal)
            + TwoSections[second..].Replace("ice-ufrag:abcd", "ice-ufrag:other", StringComparison.Ordinal);

        Assert.Equal("other", Policies.Answer(Offers.Parse(text), Policies.Receive).Ice.UsernameFragment);
    }

    [Fact]
    public void Bundle_only_section_takes_the_transport_of_the_first()
    {
        string text = Offers.Session("a=group:BUNDLE 0 1\n")
            + Offers.Audio("0", Offers.Opus).Replace("opus", "PCMU", StringComparison.Ordinal)
            + "m=video 0 UDP/TLS/RTP/SAVPF 96\na=bundle-only\na=mid:1\na=rtcp-mux\n" + Offers.Vp8;

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive with { RequiredKinds = [] });

        Assert.Equal(("1", "abcd"), (session.Media.Single().Mid.Value, session.Ice.UsernameFragment));
    }

    [Fact]
    public void Transport_at_session_level_is_read()
    {
        string text = Offers.Session("a=group:BUNDLE 0\n" + Offers.Transport)
            + Offers.Video("0", Offers.Vp8).Replace(Offers.Transport, "", StringComparison.Ordinal);

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.Equal("abcd", session.Ice.UsernameFragment);
        Assert.Single(session.RemoteFingerprints);
    }

    [Fact]
    public void Further_sections_of_a_kind_are_rejected_unless_allowed()
    {
        string text = Offers.Session("a=group:BUNDLE 0 1 2\n")
            + Offers.Video("0", "a=inactive\n" + Offers.Vp8) + Offers.Video("1", "a=sendonly\n" + Offers.Vp8)
                + Offers.Video("2", "a=sendonly\n" + Offers.Vp8);

        NegotiatedSession one = Policies.Answer(Offers.Parse(text), Policies.Receive);
        NegotiatedSession two = Policies.Answer(Offers.Parse(text), Policies.Receive with { MaxVideoSections = 2 });

        Assert.Equal([9, 9, 0], one.LocalDescription.Media.Select(media => media.Port));
        Assert.Equal(["inactive", "recvonly", "inactive"], one.LocalDescription.Media.Select(media => media.Direction!.Value.ToSdp()));
        Assert.Equal([9, 9, 9], two.LocalDescription.Media.Select(media => media.Port));
        Assert.Equal([false, true, true], two.Media.Select(media => media.Receiving));
    }

    [Theory]
    [InlineData("sendrecv", MediaDirection.SendReceive, "sendrecv")]
    [InlineData("sendrecv", MediaDirection.Receive, "recvonly")]
    [InlineData("sendrecv", MediaDirection.Send, "sendonly")]
    [InlineData("sendonly", MediaDirection.SendReceive, "recvonly")]
    [InlineData("recvonly", MediaDirection.SendReceive, "sendonly")]
    [InlineData("recvonly", MediaDirection.Receive, "inactive")]
    [InlineData("inactive", MediaDirection.SendReceive, "inactive")]
    public void Direction_is_what_both_want(string offered, MediaDirection policy, string answered)
    {
        SessionDescription offer = Offers.Parse(TwoSections.Replace("a=sendonly", "a=" + offered, StringComparison.Ordinal));

        NegotiatedSession session = Policies.Answer(offer, Policies.Send with { Direction = policy, MayBeIdle = true });

        Assert.All(session.LocalDescription.Media, media => Assert.Equal(answered, media.Direction!.Value.ToSdp()));
        Assert.All(session.Media, media => Assert.Equal(media.Sending, media.LocalSource is not null));
    }

    [Fact]
    public void Kind_that_is_not_required_is_rejected_without_a_codec()
    {
        SessionDescription offer = Offers.Parse(TwoSections.Replace("opus/48000/2", "PCMU/8000", StringComparison.Ordinal));

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive with { RequiredKinds = [MediaKind.Video] });

        Assert.Equal(MediaKind.Video, session.Media.Single().Kind);
        Assert.Equal("m=audio 0 UDP/TLS/RTP/SAVPF 111", session.LocalDescription.Media[0].Lines[0].ToString());
    }

    [Fact]
    public void Missing_codec_is_told_in_words()
    {
        NegotiationError error = Policies.Refuse(
            Offers.OfVideo("a=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=0;profile-level-id=42e01f\na=rtpmap:97 MPV/90000\n",
            "96 97"),
            Policies.Receive with { AllowedCodecs = [CodecKind.Opus, CodecKind.Vp8, CodecKind.H264] });

        Assert.Equal(NegotiationErrorCode.NoCommonCodec, error.Code);
        Assert.Equal(
            "The gateway takes VP8, H264 as video; the offer has H264 (profile-level-id=42e01f, packetization-mode=0), MPV; "
                + "what is missing: H264 with packetization-mode=1.",
            error.Message);
    }

    [Fact]
    public void Payload_type_of_two_codecs_is_a_conflict()
    {
        string text = Offers.Session("a=group:BUNDLE 0 1\n")
            + Offers.Video("0", "a=sendonly\n" + Offers.Vp8) + Offers.Video("1", "a=sendonly\na=rtpmap:96 VP9/90000\n");

        Assert.Equal(NegotiationErrorCode.ConflictingPayloadType,
            Policies.Refuse(Offers.Parse(text), Policies.Receive with { MaxVideoSections = 2 }).Code);
    }

    [Fact]
    public void Payload_type_of_two_codecs_costs_the_later_one_where_another_remains()
    {
        string text = Offers.Session("a=group:BUNDLE 0 1\n")
            + Offers.Audio("0", "a=sendonly\na=rtpmap:96 opus/48000/2\n", "96")
            + Offers.Video("1", "a=sendonly\n" + Offers.Vp8 + "a=rtpmap:97 VP9/90000\n", "96 97");

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.Equal([96, 97], session.Media.SelectMany(media => Policies.PayloadTypes(media.Codecs)));
    }

    [Fact]
    public void Retransmission_of_two_codecs_costs_the_later_one()
    {
        string text = Offers.Session("a=group:BUNDLE 0 1\n")
            + Offers.Video("0", "a=sendonly\n" + Offers.Vp8 + "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n", "96 97")
            + Offers.Video("1", "a=sendonly\na=rtpmap:98 VP9/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=98\n", "98 97");

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive with { MaxVideoSections = 2 });

        Assert.Equal([97, null], session.Media.Select(media => media.Codecs.Single().RetransmissionPayloadType?.Value));
    }

    [Fact]
    public void Extension_id_of_two_meanings_costs_the_later_one()
    {
        string text =
            TwoSections.Replace("a=rtpmap:111", "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=rtpmap:111", StringComparison.Ordinal)
            .Replace("a=rtpmap:96", "a=extmap:4 urn:3gpp:video-orientation\na=rtpmap:96", StringComparison.Ordinal);

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.Equal((1, 0), (session.Media[0].Extensions.Entries.Count, session.Media[1].Extensions.Entries.Count));
    }

    [Fact]
    public void Extension_id_of_two_meanings_is_no_conflict_when_one_is_not_taken()
    {
        // As aiortc offers it.
        string text = TwoSections.Replace("a=rtpmap:111", "a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\na=rtpmap:111",
            StringComparison.Ordinal)
            .Replace("a=rtpmap:96", "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\na=rtpmap:96",
                StringComparison.Ordinal);

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.Equal((1, 0), (session.Media[0].Extensions.Entries.Count, session.Media[1].Extensions.Entries.Count));
    }

    [Fact]
    public void Source_of_two_sections_is_a_conflict()
    {
        string text = TwoSections.Replace("a=rtcp-mux\n", "a=rtcp-mux\na=ssrc:7 cname:x\n", StringComparison.Ordinal);

        Assert.Equal(NegotiationErrorCode.ConflictingSource, Policies.Refuse(Offers.Parse(text), Policies.Receive).Code);
    }

    [Theory]
    [InlineData("96 97 98 99", "96,97 98,-")]
    [InlineData("98 96 97", "98,- 96,97")]
    [InlineData("96", "96,-")]
    public void Retransmission_is_folded_into_its_codec(string formats, string expected)
    {
        SessionDescription offer = Offers.OfVideo(
            Offers.Vp8
            + "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\na=rtpmap:98 VP9/90000\na=rtpmap:99 rtx/90000\na=fmtp:99 apt=50\n", formats);

        NegotiatedMedia video = Policies.Answer(offer, Policies.Receive).Media[0];

        Assert.Equal(expected,
            string.Join(' ', video.Codecs.Select(codec => $"{codec.PayloadType},{codec.RetransmissionPayloadType?.ToString() ?? "-"}")));
    }

    [Theory]
    [InlineData("111/111", "111 63")]
    [InlineData("111", "111 63")]
    [InlineData("111/9", "111")]
    [InlineData("", "111")]
    public void Redundancy_is_taken_only_around_opus(string parameters, string expected)
    {
        SessionDescription offer = Offers.OfAudio(
            Offers.Opus + $"a=rtpmap:63 red/48000/2\na=fmtp:63 {parameters}\na=rtpmap:9 G722/8000\n", "111 63 9");

        Assert.Equal(expected, string.Join(' ', Policies.PayloadTypes(Policies.Answer(offer, Policies.Receive).Media[0].Codecs)));
    }

    [Fact]
    public void Feedback_for_all_formats_is_read()
    {
        SessionDescription offer =
            Offers.OfVideo(Offers.Vp8 + "a=rtcp-fb:* nack pli\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack rpsi\na=rtcp-fb:96 goog-remb\n");

        Assert.Equal(RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli, Policies.Answer(offer, Policies.Receive).Media[0].Codecs[0].Feedback);
    }

    [Theory]
    [InlineData("VP8", "max-fs=12288;max-fr=60", null)]
    [InlineData("VP9", "profile-id=2;max-fs=12288", "profile-id=2")]
    [InlineData("H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f;sprop-parameter-sets=Z0LAH9kA,aM48gA==",
        "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f")]
    [InlineData("AV1", "level-idx=5;profile=0;tier=0", "level-idx=5;profile=0;tier=0")]
    [InlineData("H265", "level-id=93;profile-id=1;tier-flag=0;tx-mode=SRST", "level-id=93;profile-id=1;tier-flag=0;tx-mode=SRST")]
    public void Parameters_are_mirrored_without_those_of_the_offerer_itself(string codec, string offered, string? answered)
    {
        SessionDescription offer = Offers.OfVideo($"a=rtpmap:96 {codec}/90000\na=fmtp:96 {offered}\n");

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive);

        Assert.Equal(offered, session.Media[0].Codecs[0].Parameters);
        Assert.Equal(answered, session.LocalDescription.Media[0].FormatParameters.SingleOrDefault()?.Parameters);
    }

    [Fact]
    public void Ice_lite_is_said_only_when_we_are()
    {
        AnswerPolicy policy = Policies.Receive with { Transport = Policies.Transport with { IsIceLite = false } };

        Assert.False(Policies.Answer(Offers.Parse(TwoSections), policy).LocalDescription.IsIceLite);
        Assert.True(Policies.Answer(Offers.Parse(TwoSections), Policies.Receive).LocalDescription.IsIceLite);
    }

    [Fact]
    public void Answer_has_as_many_sections_as_the_offer()
    {
        foreach (string name in SdpFixtures.Names.Where(name => name.Contains("offer", StringComparison.Ordinal)))
        {
            SessionDescription offer = SdpFixtures.Read(name);
            SessionDescription answer = Policies.Answer(offer, Policies.Receive).LocalDescription;

            Assert.Equal(offer.Media.Select(media => (media.Kind, media.Protocol, media.Mid)),
                answer.Media.Select(media => (media.Kind, media.Protocol, media.Mid)));
        }
    }
}
