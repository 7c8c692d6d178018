using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

public sealed class DataSectionTests
{
    private static readonly AnswerPolicy WithData = Policies.Receive with { AcceptsData = true };

    [Fact]
    public void Answer_to_data_channels_alone_is_this_text()
    {
        SessionDescription offer = Offer("UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000\na=max-message-size:65536\n");

        NegotiatedSession session = Policies.Answer(offer, WithData);

        Assert.Empty(session.Media);
        Assert.Equal(new NegotiatedData(new Mid("d"), 5000, 65_536), session.Data);
        Assert.Equal(Policies.Lines($"""
            v=0
            o=- 42 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE d
            a=ice-lite
            a=ice-options:trickle ice2
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=mid:d
            a=ice-ufrag:localufrag
            a=ice-pwd:localpasswordlocalpassword
            a=fingerprint:{Policies.Fingerprint}
            a=setup:passive
            a=candidate:1 1 udp 2130706431 198.51.100.1 7882 typ host
            a=end-of-candidates
            a=sctp-port:5000
            a=max-message-size:262144
            """), Policies.Lines(session.LocalDescription.ToString()));
    }

    [Theory]
    [InlineData("a=sctp-port:5001\n", 5001, 65_536)]
    [InlineData("a=sctp-port:5000\na=max-message-size:0\n", 5000, int.MaxValue)]
    [InlineData("a=sctp-port:5000\na=max-message-size:4294967295\n", 5000, int.MaxValue)]
    [InlineData("a=sctp-port:5000\na=max-message-size:1073741823\n", 5000, 1_073_741_823)]
    [InlineData("a=sctp-port:5000\na=max-message-size:-1\n", 5000, 65_536)]
    [InlineData("", 5000, 65_536)]
    public void Port_and_message_size_are_read(string lines, int port, int size) => Assert.Equal(
        new NegotiatedData(new Mid("d"), port, size), Policies.Answer(Offer("UDP/DTLS/SCTP webrtc-datachannel", lines), WithData).Data);

    /// <summary>The draft form, as aiortc and old Firefox wrote it before the draft became RFC 8841.</summary>
    [Fact]
    public void Draft_form_is_answered_in_the_draft_form()
    {
        NegotiatedSession session = Policies.Answer(
            Offer("DTLS/SCTP 6000", "a=sctpmap:6000 webrtc-datachannel 256\na=max-message-size:65536\n"), WithData);

        Assert.Equal(new NegotiatedData(new Mid("d"), 6000, 65_536), session.Data);
        MediaDescription answered = session.LocalDescription.Media[0];
        Assert.Equal(("DTLS/SCTP", "5000"), (answered.Protocol, answered.Formats.Single()));
        Assert.Equal("5000 webrtc-datachannel 1024", answered.FindAttribute("sctpmap"));
    }

    /// <summary>The offer of aiortc 1.x has both forms in one section.</summary>
    [Fact]
    public void Both_forms_in_one_section_are_the_new_form()
    {
        NegotiatedSession session = Policies.Answer(
            Offer("UDP/DTLS/SCTP webrtc-datachannel",
            "a=sctp-port:5000\na=sctpmap:5000 webrtc-datachannel 65535\na=max-message-size:65536\n"), WithData);

        Assert.Equal((5000, 65_536), (session.Data!.RemotePort, session.Data.RemoteMaxMessageSize));
        Assert.Null(session.LocalDescription.Media[0].FindAttribute("sctpmap"));
    }

    /// <summary>The offer of pion has nothing but the port, a direction, and the fingerprint at session level.</summary>
    [Fact]
    public void Section_with_a_direction_and_a_fingerprint_of_the_session_is_accepted()
    {
        string text = "v=0\no=- 1 2 IN IP4 0.0.0.0\ns=-\nt=0 0\n"
            + "a=fingerprint:sha-256 1F:48:CB:38:8F:DF:10:87:C4:FF:F1:95:71:1B:E4:28:04:BC:9E:05:6A:FB:37:55:75:4E:F0:6D:3E:E6:69:B4\n"
            + "a=extmap-allow-mixed\na=group:BUNDLE 0\n"
            + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\na=setup:actpass\na=mid:0\na=sendrecv\na=sctp-port:5000\n"
            + "a=max-message-size:1073741823\na=ice-ufrag:abcd\na=ice-pwd:abcdabcdabcdabcdabcdabcd\n";

        Assert.Equal(5000, Policies.Answer(Offers.Parse(text), WithData).Data!.RemotePort);
    }

    [Theory]
    [InlineData("UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:0\n")]
    [InlineData("UDP/DTLS/SCTP bfcp", "a=sctp-port:5000\n")]
    [InlineData("DTLS/SCTP 5000", "a=sctpmap:5001 webrtc-datachannel 256\n")]
    [InlineData("DTLS/SCTP 5000", "a=sctpmap:5000 bfcp 256\n")]
    [InlineData("DTLS/SCTP 5000", "a=sctpmap:5000\n")]
    [InlineData("UDP/TLS/RTP/SAVPF webrtc-datachannel", "a=sctp-port:5000\n")]
    public void What_is_not_for_data_channels_is_rejected(string media, string lines) =>
        Assert.Equal(NegotiationErrorCode.NoMedia, Policies.Refuse(Offer(media, lines), WithData).Code);

    [Fact]
    public void Second_data_section_is_rejected()
    {
        string second = Offers.Transport + "a=sctp-port:5000\n";
        SessionDescription offer = Offers.Parse(
            Offer("UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000\n").ToString()
            .Replace("BUNDLE d", "BUNDLE d e", StringComparison.Ordinal)
            + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\na=mid:e\n" + second);

        NegotiatedSession session = Policies.Answer(offer, WithData);

        Assert.Equal(new Mid("d"), session.Data!.Mid);
        Assert.Equal([9, 0], session.LocalDescription.Media.Select(media => media.Port));
    }

    [Fact]
    public void Data_section_that_comes_first_stands_for_the_bundle()
    {
        string text = Offer("UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000\n").ToString()
            .Replace("BUNDLE d", "BUNDLE d 0", StringComparison.Ordinal)
            + Offers.Audio("0", "a=sendonly\n" + Offers.Opus).Replace("a=ice-ufrag:abcd", "a=ice-ufrag:other", StringComparison.Ordinal);

        NegotiatedSession accepted = Policies.Answer(Offers.Parse(text), WithData);
        NegotiatedSession declined = Policies.Answer(Offers.Parse(text), Policies.Receive);

        Assert.Equal(("abcd", "other"), (accepted.Ice.UsernameFragment, declined.Ice.UsernameFragment));
        Assert.True(accepted.LocalDescription.Media[0].HasEndOfCandidates && declined.LocalDescription.Media[1].HasEndOfCandidates);
        Assert.Null(declined.Data);
    }

    [Fact]
    public void Restart_by_fragment_of_a_session_of_data_channels_alone()
    {
        NegotiatedSession session = Policies.Answer(Offer("UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000\n"), WithData);
        Assert.True(SdpFragment.TryParse("a=ice-ufrag:new1\r\na=ice-pwd:newpasswordnewpassword12\r\n", SdpLimits.Default,
            out SdpFragment? request, out _));

        Assert.True(SessionNegotiator.TryRestart(session, request!, Policies.Transport, out RestartAnswer? answer,
            out NegotiationError? error), error?.ToString());
        Assert.Equal("new1", answer!.Session.Ice.UsernameFragment);
    }

    private static SessionDescription Offer(string media, string lines)
    {
        string[] words = media.Split(' ');
        return Offers.Parse(
            Offers.Session("a=group:BUNDLE d\n")
            + $"m=application 9 {words[0]} {words[1]}\nc=IN IP4 0.0.0.0\na=mid:d\n{Offers.Transport}{lines}");
    }
}
