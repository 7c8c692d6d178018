using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>Offers as clients, devices and pages write them, which no rule of a browser's would make so: each is served.</summary>
public sealed class FieldOfferTests
{
    private static readonly string TwoSections = Offers.Session("a=group:BUNDLE 0 1\n")
        + Offers.Audio("0", "a=sendonly\n" + Offers.Opus) + Offers.Video("1", "a=sendonly\n" + Offers.Vp8);

    [Theory]
    [InlineData("m=audio 9", "m=audio 0", "1")]
    [InlineData("opus/48000/2", "PCMU/8000", "1")]
    [InlineData("m=video 9", "m=video 0", "0")]
    public void First_section_in_use_names_our_session(string present, string instead, string mid)
    {
        SessionDescription offer = Offers.Parse(TwoSections.Replace(present, instead, StringComparison.Ordinal));

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive with { RequiredKinds = [] });

        Assert.Equal(new Mid(mid), Assert.Single(session.Media).Mid);
        Assert.Equal(Policies.Transport.UsernameFragment, session.LocalUsernameFragment);
        Assert.Equal($"BUNDLE {mid}", session.LocalDescription.Bundle!.ToString());
    }

    [Fact]
    public void Only_section_in_use_needs_no_group_and_is_answered_without_one()
    {
        string text = Offers.Session("")
            + Offers.Audio("0", "a=inactive\n" + Offers.Opus).Replace("m=audio 9", "m=audio 0", StringComparison.Ordinal)
            + Offers.Video("1", "a=sendonly\n" + Offers.Vp8);

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.Equal(new Mid("1"), Assert.Single(session.Media).Mid);
        Assert.Null(session.LocalDescription.Bundle);
        Assert.NotEmpty(session.LocalDescription.Media[1].Candidates);
    }

    [Fact]
    public void Session_without_a_group_restarts_ice()
    {
        NegotiatedSession session = Policies.Answer(
            Offers.Parse(Offers.Session("") + Offers.Video("v", "a=sendonly\n" + Offers.Vp8)), Policies.Receive).Condensed();
        Assert.True(SdpFragment.TryParse(
            "a=ice-ufrag:next\r\na=ice-pwd:nextnextnextnextnextnext\r\n", SdpLimits.Default, out SdpFragment? request, out _));

        Assert.True(SessionNegotiator.TryRestart(session, request!, Policies.Transport, out RestartAnswer? answer, out _));

        Assert.DoesNotContain("a=group", answer!.Fragment.ToString(), StringComparison.Ordinal);
        Assert.Contains("a=mid:v\r\n", answer.Fragment.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a=group:BUNDLE\n", "")]
    [InlineData("a=group:LS 0\n", "")]
    [InlineData("", "m=audio 0 UDP/TLS/RTP/SAVPF 111\n")]
    [InlineData("a=group:BUNDLE a\n", "m=audio 0 UDP/TLS/RTP/SAVPF 111\na=mid:a\n")]
    [InlineData("", "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\na=bundle-only\na=mid:d\n")]
    public void Only_section_in_use_needs_no_name_and_is_answered_without_one(string session, string before)
    {
        string text = Offers.Session(session) + before + Unnamed("a=sendonly\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n");

        NegotiatedSession answered = Policies.Answer(Offers.Parse(text), Policies.Receive);

        NegotiatedMedia media = Assert.Single(answered.Media);
        Assert.Equal(0, media.Extensions.IdOf(HeaderExtensionKind.Mid));
        string answer = answered.LocalDescription.ToString();
        Assert.DoesNotContain("a=group", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("a=mid", answer[answer.IndexOf("m=video", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.NotEmpty(answered.LocalDescription.Media[^1].Candidates);
    }

    [Fact]
    public void Session_without_a_name_restarts_ice()
    {
        string text = Offers.Session("") + "m=audio 0 UDP/TLS/RTP/SAVPF 111\n" + Unnamed("a=sendonly\n");
        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive).Condensed();
        Assert.True(SdpFragment.TryParse(
            "a=ice-ufrag:next\r\na=ice-pwd:nextnextnextnextnextnext\r\n", SdpLimits.Default, out SdpFragment? request, out _));

        Assert.True(SessionNegotiator.TryRestart(session, request!, Policies.Transport, out RestartAnswer? answer, out _));

        Assert.Contains("\r\nm=video 9 ", answer!.Fragment.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a=mid", answer.Fragment.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Later_offer_restarts_ice_of_a_session_without_names()
    {
        string text = Offers.Session("") + Unnamed("a=sendonly\n");
        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.False(SessionNegotiator.IsIceRestart(session, Offers.Parse(text)));
        Assert.True(SessionNegotiator.IsIceRestart(session,
            Offers.Parse(text.Replace("a=ice-ufrag:abcd", "a=ice-ufrag:next", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=group:BUNDLE\n")]
    [InlineData("a=group:BUNDLE 0 1\n")]
    public void Two_sections_without_names_are_refused(string group)
    {
        string text = Offers.Session(group) + Unnamed("a=sendonly\n") + Unnamed("a=sendonly\n");

        Assert.Contains("a=mid", Policies.Refuse(Offers.Parse(text), Policies.Receive).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_to_an_only_section_needs_neither_a_name_nor_a_group()
    {
        SessionDescription offer = Offers.OfVideo(Offers.Vp8);
        string answer = Policies.Answer(offer, Policies.Receive).LocalDescription.ToString()
            .Replace("a=group:BUNDLE 0\r\n", "", StringComparison.Ordinal)
            .Replace("a=mid:0\r\n", "", StringComparison.Ordinal);

        Assert.True(SessionNegotiator.TryAcceptAnswer(offer, Offers.Parse(answer), out NegotiatedSession? session, out _));

        Assert.Equal(new Mid("0"), Assert.Single(session.Media).Mid);
    }

    [Theory]
    [InlineData("audio", "a=rtpmap:96 OPUS/48000\n", "opus/48000/2")]
    [InlineData("audio", "a=rtpmap:96 opus/48000/1\n", "opus/48000/2")]
    [InlineData("audio", "a=rtpmap:96 opus/16000/2\n", "opus/48000/2")]
    [InlineData("audio", "a=rtpmap:96 red/48000/2\na=fmtp:96 97/97\n", "opus/48000/2 inside red")]
    [InlineData("audio", "a=rtpmap:96 VP8/90000\n", "VP8 in an m=video section")]
    [InlineData("audio", "a=rtpmap:97 opus/48000/2\n", "payload type 97 in the m= line")]
    [InlineData("audio", "a=rtpmap:96 opus/48000/2\na=rtpmap:96 PCMU/8000\n", "one a=rtpmap for payload type 96")]
    [InlineData("audio", "", "a=rtpmap for payload type 96")]
    [InlineData("video", "a=rtpmap:96 H264/90000\n", "H264 with packetization-mode=1")]
    [InlineData("video", "a=rtpmap:96 h264/90000\na=fmtp:96 packetization-mode=0;profile-level-id=640032\n",
        "H264 with packetization-mode=1")]
    [InlineData("video", "a=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=2\n", "H264 with packetization-mode=1")]
    [InlineData("video", "a=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=42\n", "profile-level-id")]
    [InlineData("video", "a=rtpmap:96 VP8/48000\n", "VP8/90000")]
    [InlineData("video", "a=rtpmap:96 AV1/1000\n", "AV1/90000")]
    [InlineData("video", "a=rtpmap:96 VP9/90000\na=fmtp:96 profile-id=two\n", "VP9 with a number in profile-id")]
    [InlineData("video", "a=rtpmap:96 AV1/90000\na=fmtp:96 profile=main\n", "AV1 with a number in profile")]
    public void Codec_that_is_misdescribed_is_refused_with_what_is_missing(string kind, string lines, string missing)
    {
        string section = kind == "audio" ? Offers.Audio("1", "a=sendonly\n" + lines, "96") : Offers.Video("1", "a=sendonly\n" + lines);
        string text = Offers.Session("a=group:BUNDLE 0 1\n") + (kind == "audio"
            ? Offers.Video("0", "a=sendonly\n" + Offers.Vp8, "96") : Offers.Audio("0", "a=sendonly\n" + Offers.Opus)) + section;

        NegotiationError error = Policies.Refuse(Offers.Parse(text), Policies.Receive);

        Assert.Equal((NegotiationErrorCode.NoCommonCodec, new Mid("1")), (error.Code, error.Mid));
        Assert.Contains("; what is missing: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("opus/48000/2", "PCMU/8000", "m=audio 0 ")]
    [InlineData("opus/48000/2", "L16/44100/2", "m=audio 0 ")]
    [InlineData("VP8/90000", "MPV/90000", "m=video 0 ")]
    [InlineData("VP8/90000", "theora/90000", "m=video 0 ")]
    public void Codec_that_nobody_here_knows_costs_its_section(string present, string instead, string rejected)
    {
        SessionDescription offer = Offers.Parse(TwoSections.Replace(present, instead, StringComparison.Ordinal));

        foreach (AnswerPolicy policy in (AnswerPolicy[])[Policies.Receive, Policies.Receive with { RequiredKinds = [] }])
        {
            NegotiatedSession session = Policies.Answer(offer, policy);

            Assert.Single(session.Media);
            Assert.Contains("\r\n" + rejected, session.LocalDescription.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("PCMU/8000", "VP8/90000", null)]
    [InlineData("opus/48000/2", "MPV/90000", NegotiationErrorCode.NoCommonCodec)]
    [InlineData("opus/48000/2", "VP9/90000", NegotiationErrorCode.NoCommonCodec)]
    [InlineData("PCMU/8000", "MPV/90000", NegotiationErrorCode.NoCommonCodec)]
    public void Viewer_of_a_stream_of_pictures_alone_is_served_if_it_can_see_them(string audio, string video, NegotiationErrorCode? code)
    {
        SessionDescription offer = Offers.Parse(TwoSections
            .Replace("sendonly", "recvonly", StringComparison.Ordinal)
            .Replace("opus/48000/2", audio, StringComparison.Ordinal)
            .Replace("VP8/90000", video, StringComparison.Ordinal));
        AnswerPolicy policy = Policies.Send with { PreferredCodecs = [Policies.Codec(CodecKind.Vp8)], RequiredKinds = [MediaKind.Video] };

        SessionNegotiator.TryAnswer(offer, policy, out _, out NegotiationError? error);

        Assert.Equal(code, error?.Code);
    }

    [Fact]
    public void Viewer_is_told_the_profile_of_the_stream()
    {
        AnswerPolicy policy = Policies.Send with
        {
            PreferredCodecs = [Policies.Codec(CodecKind.H264, "packetization-mode=1;profile-level-id=640032")],
            RequiredKinds = [MediaKind.Video],
        };

        string text = Offers.OfVideo("a=rtpmap:96 H264/90000\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f\n").ToString();

        NegotiationError error =
            Policies.Refuse(Offers.Parse(text.Replace("sendonly", "recvonly", StringComparison.Ordinal)), policy);

        Assert.EndsWith("missing: H264 (profile-level-id=640032, packetization-mode=1).", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=fmtp:96 max-fr=30\na=fmtp:96 x-google-start-bitrate=1000\na=fmtp:96 x-google-max-bitrate=4000\n",
        "max-fr=30;x-google-start-bitrate=1000;x-google-max-bitrate=4000")]
    [InlineData("a=fmtp:96 max-fr=30; max-fs=100\na=fmtp:96 MAX-FR=60;x=1\n", "max-fr=30; max-fs=100;x=1")]
    [InlineData("a=fmtp:96 max-fr=30\na=fmtp:96 max-fr=30\n", "max-fr=30")]
    public void Parameters_in_several_lines_are_one_list_of_which_the_first_stands(string lines, string joined)
    {
        NegotiatedSession session = Policies.Answer(Offers.OfVideo(Offers.Vp8 + lines), Policies.Receive);

        Assert.Equal(joined, Assert.Single(session.Media[0].Codecs).Parameters);
    }

    [Fact]
    public void Payload_type_of_two_codecs_costs_that_payload_type()
    {
        SessionDescription offer = Offers.OfVideo(
            "a=rtpmap:96 VP8/90000\na=rtpmap:96 VP9/90000\na=rtpmap:98 VP8/90000\n", "96 98");

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive);

        Assert.Equal(new PayloadType(98), Assert.Single(session.Media[0].Codecs).PayloadType);
    }

    [Fact]
    public void Candidates_beyond_what_is_kept_and_those_that_say_nothing_are_left_out()
    {
        string candidates = "a=candidate:\n" + string.Concat(Enumerable.Range(0, 40)
            .Select(number => $"a=candidate:1 1 udp 1 192.0.2.{number} 9 typ host\n")) + "a=candidate:1 1 udp 1 caf\u00e9 9 typ host\n";

        NegotiatedSession session = Policies.Answer(Offers.OfVideo(Offers.Vp8 + candidates), Policies.Receive);

        Assert.Equal(SdpLimits.Default.MaxCandidates, session.Ice.Candidates.Length);
        Assert.EndsWith("192.0.2.31 9 typ host", session.Ice.Candidates[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a_b-c")]
    [InlineData("a+b/c=#")]
    public void Credentials_have_the_characters_that_browsers_take(string usernameFragment)
    {
        SessionDescription offer = Offers.Parse(TwoSections
            .Replace("a=ice-ufrag:abcd", "a=ice-ufrag:" + usernameFragment, StringComparison.Ordinal)
            .Replace("abcdabcdabcdabcdabcdabcd", "_-=#abcdabcdabcdabcdabcd", StringComparison.Ordinal));

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive);

        Assert.Equal((usernameFragment, "_-=#abcdabcdabcdabcdabcd"), (session.Ice.UsernameFragment, session.Ice.Password));
    }

    [Fact]
    public void Third_field_of_a_video_codec_says_nothing()
    {
        NegotiatedSession session = Policies.Answer(Offers.OfVideo("a=rtpmap:96 VP8/90000/2\n"), Policies.Receive);

        Assert.Equal(1, session.Media[0].Codecs[0].Channels);
    }

    [Fact]
    public void Spaces_at_the_end_of_lines_mean_nothing()
    {
        string text = string.Join('\n', TwoSections.Split('\n').Select(line => line is ['m' or 'a', ..] ? line + "  " : line));

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.Equal(2, session.Media.Length);
        Assert.Equal("abcd", session.Ice.UsernameFragment);
    }

    private static string Unnamed(string lines) =>
        Offers.Video("x", lines + Offers.Vp8).Replace("a=mid:x\n", "", StringComparison.Ordinal);
}
