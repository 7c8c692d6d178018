using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;
using MediaGateway.Testing.Offers;

namespace MediaGateway.Rtc.Tests.Negotiation;

/// <summary>Tests of what checks the answers of a space of offers: a right answer passes, and one with a fault does not.</summary>
public sealed class AnswerCheckTests
{
    private const string Offer = "chromium-offer-vp8sim-gathered";

    private static readonly string Answer = Policies.Answer(SdpFixtures.Read(Offer), Policies.Receive).LocalDescription.ToString();

    [Fact]
    public void Answers_to_recorded_offers_break_no_rule()
    {
        foreach (string name in SdpFixtures.Names.Where(name => name.Contains("offer", StringComparison.Ordinal)))
        {
            SessionDescription answer = Policies.Answer(SdpFixtures.Read(name), Policies.Receive).LocalDescription;

            Assert.Empty(AnswerCheck.Violations(SdpFixtures.Text(name), answer.ToString()));
        }
    }

    [Theory]
    [InlineData("m=audio 9", "m=video 9")]
    [InlineData("UDP/TLS/RTP/SAVPF", "RTP/SAVPF")]
    [InlineData("a=group:BUNDLE 0 1\r\n", "")]
    [InlineData("a=group:BUNDLE 0 1\r\n", "a=group:BUNDLE 1 0\r\n")]
    [InlineData("a=group:BUNDLE 0 1\r\n", "a=group:BUNDLE 0 1 2\r\n")]
    [InlineData("a=group:BUNDLE 0 1\r\n", "a=group:BUNDLE 0\r\n")]
    [InlineData("a=mid:1\r\n", "a=mid:7\r\n")]
    [InlineData("a=mid:1\r\n", "")]
    [InlineData("a=recvonly\r\n", "a=sendrecv\r\n")]
    [InlineData("a=setup:passive", "a=setup:actpass")]
    [InlineData("a=ice-lite\r\n", "")]
    [InlineData("a=rtcp-mux\r\n", "")]
    [InlineData("a=rtpmap:111 opus/48000/2\r\n", "")]
    [InlineData("a=rtpmap:111 opus/48000/2\r\n", "a=rtpmap:111 opus/16000/2\r\n")]
    [InlineData("a=rtcp-fb:111 transport-cc\r\n", "a=rtcp-fb:111 nack pli\r\n")]
    [InlineData("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n", "a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:mid\r\n")]
    [InlineData("a=rid:q recv\r\n", "")]
    [InlineData("a=simulcast:recv ", "a=simulcast:send ")]
    [InlineData("a=end-of-candidates\r\n", "a=ssrc:1 cname:c\r\n")]
    [InlineData("a=mid:2\r\n", "a=mid:2\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n")]
    [InlineData("t=0 0\r\n", "")]
    [InlineData("\r\n", "\n")]
    public void Fault_in_an_answer_is_found(string present, string instead)
    {
        int at = Answer.IndexOf(present, StringComparison.Ordinal);
        Assert.True(at >= 0, Answer);
        string faulty = instead == "\n" ? Answer.Replace(present, instead, StringComparison.Ordinal)
            : Answer[..at] + instead + Answer[(at + present.Length)..];

        Assert.NotEmpty(AnswerCheck.Violations(SdpFixtures.Text(Offer), faulty));
    }
}
