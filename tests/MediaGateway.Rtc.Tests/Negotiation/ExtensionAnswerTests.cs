using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

public sealed class ExtensionAnswerTests
{
    private const string MidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
    private const string RidUri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

    [Theory]
    [InlineData("4 " + MidUri, "4 " + MidUri)]
    [InlineData("4/sendrecv " + MidUri, "4/recvonly " + MidUri)]
    [InlineData("4/sendonly " + MidUri, "4/recvonly " + MidUri)]
    [InlineData("4/recvonly " + MidUri, null)]
    [InlineData("4/inactive " + MidUri, null)]
    [InlineData("4 " + MidUri + " attributes", "4 " + MidUri)]
    [InlineData("2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", null)]
    [InlineData("2 urn:example:unknown", null)]
    [InlineData("15 " + MidUri, null)]
    [InlineData("16 " + MidUri, null)]
    [InlineData("4096 " + MidUri, null)]
    public void Publisher_mapping_is_answered(string offered, string? answered)
    {
        SessionDescription offer = Offers.OfVideo($"a=extmap:{offered}\n" + Offers.Vp8);

        AssertAnswered(answered, offer, Policies.Receive);
    }

    [Theory]
    [InlineData("a=sendrecv", "10 " + RidUri, "10/recvonly " + RidUri)]
    [InlineData("a=sendrecv", "4 " + MidUri, "4 " + MidUri)]
    [InlineData("a=sendrecv", "4/recvonly " + MidUri, "4/sendonly " + MidUri)]
    [InlineData("a=sendrecv", "4/sendrecv " + MidUri, "4/sendrecv " + MidUri)]
    [InlineData("a=recvonly", "10 " + RidUri, null)]
    [InlineData("a=recvonly", "4 " + MidUri, "4 " + MidUri)]
    [InlineData("a=recvonly", "4/sendonly " + MidUri, null)]
    public void Mapping_is_answered_by_direction(string direction, string offered, string? answered)
    {
        SessionDescription offer = Offers.Parse(
            Offers.Session("a=group:BUNDLE 0\n") + Offers.Video("0", $"{direction}\na=extmap:{offered}\n" + Offers.Vp8));

        AssertAnswered(answered, offer, Policies.Send with { Direction = MediaDirection.SendReceive });
    }

    [Theory]
    [InlineData("a=inactive", "4 " + MidUri, "4 " + MidUri)]
    [InlineData("a=inactive", "10 " + RidUri, "10/recvonly " + RidUri)]
    [InlineData("a=recvonly", "10 " + RidUri, "10/recvonly " + RidUri)]
    [InlineData("a=recvonly", "4/sendonly " + MidUri, "4/recvonly " + MidUri)]
    [InlineData("a=inactive", "4/inactive " + MidUri, null)]
    public void Meeting_lists_what_a_section_does_not_use_yet_without_using_it(string direction, string offered, string? answered)
    {
        SessionDescription offer = Offers.Parse(
            Offers.Session("a=group:BUNDLE 0\n") + Offers.Video("0", $"{direction}\na=extmap:{offered}\n" + Offers.Vp8));
        AnswerPolicy meeting = Policies.Send with
        {
            Direction = MediaDirection.SendReceive,
            DecideSection = _ => SectionDecision.None,
            MayBeIdle = true,
            RequiredKinds = [],
        };

        NegotiatedSession session = Policies.Answer(offer, meeting);

        Assert.Equal(answered, session.LocalDescription.Media[0].ExtensionMappings.SingleOrDefault()?.ToString());
        Assert.Empty(session.Media[0].Extensions.Entries);
    }

    [Theory]
    [InlineData("16", "16")]
    [InlineData("255", "255")]
    [InlineData("15", null)]
    [InlineData("256", null)]
    public void Two_byte_ids_need_mixed_headers(string id, string? answered)
    {
        SessionDescription offer = Offers.OfVideo($"a=extmap-allow-mixed\na=extmap:{id} {MidUri}\n" + Offers.Vp8);

        AssertAnswered(answered is null ? null : $"{answered} {MidUri}", offer, Policies.Receive);
        Assert.True(Policies.Answer(offer, Policies.Receive).LocalDescription.Media[0].AllowsMixedExtensions);
    }

    [Fact]
    public void Mapping_given_twice_counts_once()
    {
        SessionDescription offer = Offers.OfVideo($"a=extmap:4 {MidUri}\na=extmap:4 {MidUri}\na=extmap:5 {MidUri}\n" + Offers.Vp8);

        AssertAnswered("4 " + MidUri, offer, Policies.Receive);
    }

    private static void AssertAnswered(string? expected, SessionDescription offer, AnswerPolicy policy)
    {
        NegotiatedSession session = Policies.Answer(offer, policy);

        ExtensionMapping? mapping = session.LocalDescription.Media[0].ExtensionMappings.SingleOrDefault();
        Assert.Equal(expected, mapping?.ToString());
        Assert.Equal(
            mapping is null ? [] : [(mapping.Uri, mapping.Id)],
            session.Media[0].Extensions.Entries.Select(entry => (HeaderExtensionUris.Of(entry.Key), (int)entry.Value)));
    }
}
