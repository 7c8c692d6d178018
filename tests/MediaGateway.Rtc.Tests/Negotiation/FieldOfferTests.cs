using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
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
    public void Spaces_at_the_end_of_lines_mean_nothing()
    {
        string text = string.Join('\n', TwoSections.Split('\n').Select(line => line is ['m' or 'a', ..] ? line + "  " : line));

        NegotiatedSession session = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.Equal(2, session.Media.Length);
        Assert.Equal("abcd", session.Ice.UsernameFragment);
    }
}
