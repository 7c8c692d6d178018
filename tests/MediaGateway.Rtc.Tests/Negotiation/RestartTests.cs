using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

public sealed class RestartTests
{
    private static readonly LocalTransport NewTransport = Policies.Transport with
    { UsernameFragment = "newufrag", Password = "newpasswordnewpasswordnew" };

    [Fact]
    public void Restart_is_answered_with_this_fragment()
    {
        NegotiatedSession session = Policies.Answer(SdpFixtures.Read("chromium-offer-vp8sim-gathered"), Policies.Receive);
        SdpFragment request = Parse("""
            a=ice-options:trickle ice2
            a=group:BUNDLE 0 1
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            a=mid:0
            a=ice-ufrag:ysXw
            a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k
            a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host
            """);

        Assert.True(SessionNegotiator.TryRestart(session, request, NewTransport, out RestartAnswer? answer, out _));

        Assert.Equal(Policies.Lines("""
            a=ice-lite
            a=ice-options:trickle ice2
            a=group:BUNDLE 0 1
            m=audio 9 UDP/TLS/RTP/SAVPF 111 63
            a=mid:0
            a=ice-ufrag:newufrag
            a=ice-pwd:newpasswordnewpasswordnew
            a=candidate:1 1 udp 2130706431 198.51.100.1 7882 typ host
            a=end-of-candidates
            """), Policies.Lines(answer!.Fragment.ToString()));
        Assert.Equal(("ysXw", "vw5LmwG4y/e6dPP/zAP9Gp5k"), (answer.Session.Ice.UsernameFragment, answer.Session.Ice.Password));
        Assert.Equal("1387637174 1 udp 2122260223 192.0.2.1 61764 typ host", answer.Session.Ice.Candidates.Single());
        Assert.Equal(session.Media.AsEnumerable(), answer.Session.Media.AsEnumerable());
    }

    [Fact]
    public void Condensed_session_restarts_as_the_whole_one_does()
    {
        NegotiatedSession session = Policies.Answer(SdpFixtures.Read("chromium-offer-vp8sim-gathered"), Policies.Receive);
        NegotiatedSession condensed = session.Condensed();
        SdpFragment request = Parse("a=ice-ufrag:ysXw\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\n");

        Assert.True(SessionNegotiator.TryRestart(session, request, NewTransport, out RestartAnswer? expected, out _));
        Assert.True(SessionNegotiator.TryRestart(condensed, request, NewTransport, out RestartAnswer? answer, out _));

        Assert.Equal(expected.Fragment.ToString(), answer.Fragment.ToString());
        Assert.All(condensed.LocalDescription.Media, media => Assert.Equal(2, media.Lines.Length));
        Assert.InRange(condensed.LocalDescription.ToString().Length, 1, session.LocalDescription.ToString().Length / 5);
    }

    [Theory]
    [InlineData("a=ice-ufrag:ysXw\n", NegotiationErrorCode.IceCredentialsRequired)]
    [InlineData("a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\n", NegotiationErrorCode.IceCredentialsRequired)]
    [InlineData("a=ice-ufrag:bngC\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\n", NegotiationErrorCode.IceNotRestarted)]
    [InlineData("a=ice-ufrag:ysXw\na=ice-pwd:baO/wyfFC9O93iWVhj0senmR\n", NegotiationErrorCode.IceNotRestarted)]
    public void Fragment_that_restarts_nothing_is_refused(string text, NegotiationErrorCode code)
    {
        NegotiatedSession session = Policies.Answer(SdpFixtures.Read("chromium-offer-vp8sim-gathered"), Policies.Receive);

        Assert.False(
            SessionNegotiator.TryRestart(session, Parse(text), NewTransport, out RestartAnswer? answer, out NegotiationError? error));

        Assert.Null(answer);
        Assert.Equal(code, error!.Code);
    }

    private static SdpFragment Parse(string text)
    {
        Assert.True(SdpFragment.TryParse(text, SdpLimits.Default, out SdpFragment? fragment, out SdpError? error), error?.ToString());
        return fragment!;
    }
}
