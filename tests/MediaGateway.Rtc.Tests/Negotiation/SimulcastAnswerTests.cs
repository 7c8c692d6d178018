using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

public sealed class SimulcastAnswerTests
{
    private const string RidExtension = "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n";

    [Theory]
    [InlineData("send q;h;f", "q,h,f", "q;h;f")]
    [InlineData("send f;h;q", "q,h,f", "f;h;q")]
    [InlineData("send ~q;h", "q,h", "q;h")]
    [InlineData("send q,h;f", "q,h,f", "q;f")]
    [InlineData("send x,h;f", "q,h,f", "h;f")]
    [InlineData("send q;x;f", "q,f", "q;f")]
    [InlineData("send q;q", "q", "q")]
    [InlineData("send 1;2;3;4;5", "1,2,3,4,5", "1;2;3;4")]
    [InlineData("recv q;h", "q,h", null)]
    [InlineData("send q recv h", "q", "q")]
    [InlineData(null, "q,h", null)]
    public void Streams_are_accepted(string? simulcast, string rids, string? expected)
    {
        string lines = string.Concat(rids.Split(',').Select(rid => $"a=rid:{rid} send\n"));
        lines += simulcast is null ? "" : $"a=simulcast:{simulcast}\n";

        NegotiatedSession session = Policies.Answer(Offers.OfVideo(RidExtension + Offers.Vp8 + lines), Policies.Receive);

        MediaDescription answer = session.LocalDescription.Media[0];
        Assert.Equal(expected is null ? null : "recv " + expected, answer.Simulcast?.ToString());
        Assert.Equal(expected?.Split(';') ?? [], session.Media[0].ReceiveEncodings.Select(rid => rid.Value));
        Assert.Equal(session.Media[0].ReceiveEncodings, answer.Rids.Select(rid => rid.Rid));
        Assert.All(answer.Rids, rid => Assert.Equal(MediaDirection.Receive, rid.Direction));
    }

    [Theory]
    [InlineData("max-width=1280;max-height=720", "q recv max-width=1280;max-height=720")]
    [InlineData("pt=96", "q recv pt=96")]
    [InlineData("pt=96,98;max-fps=30", "q recv pt=96;max-fps=30")]
    [InlineData("max-fps=30;unknown", "q recv max-fps=30;unknown")]
    [InlineData("pt=98", null)]
    [InlineData("pt=", null)]
    public void Restrictions_are_repeated_for_what_was_accepted(string offered, string? answered)
    {
        SessionDescription offer = Offers.OfVideo(
            RidExtension + Offers.Vp8 + $"a=rtpmap:98 MPV/90000\na=rid:q send {offered}\na=simulcast:send q\n", "96 98");

        MediaDescription answer = Policies.Answer(offer, Policies.Receive).LocalDescription.Media[0];

        Assert.Equal(answered, answer.Rids.SingleOrDefault()?.ToString());
    }

    [Fact]
    public void Streams_that_packets_cannot_name_are_not_accepted()
    {
        SessionDescription offer = Offers.OfVideo(Offers.Vp8 + "a=rid:q send\na=rid:h send\na=simulcast:send q;h\n");

        NegotiatedSession session = Policies.Answer(offer, Policies.Receive);

        Assert.Empty(session.Media[0].ReceiveEncodings);
        Assert.Null(session.LocalDescription.Media[0].Simulcast);
    }
}
