using MediaGateway.Fuzz.Targets;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Rtc.Sdp;
using MediaGateway.Rtc.Tests.Sdp;

namespace MediaGateway.Rtc.Tests.Negotiation;

public sealed class NegotiationPropertyTests
{
    [Fact]
    public void Damaged_offers_keep_the_properties() => SdpMutator.Feed(new NegotiationFuzzTarget(), count: 5_000);

    [Fact]
    public void Damaged_offers_reach_both_answers_and_errors()
    {
        string[] offers = [.. SdpFixtures.Names.Where(name => name.Contains("offer", StringComparison.Ordinal)).Select(SdpFixtures.Text)];
        var mutator = new SdpMutator(seed: 3264);
        int answered = 0, refused = 0;
        for (int i = 0; i < 500; i++)
        {
            if (!SessionDescription.TryParse(mutator.Mutate(offers[i % offers.Length]), SdpLimits.Default, out SessionDescription? offer,
                out _))
                continue;
            if (SessionNegotiator.TryAnswer(offer!, Policies.Receive, out _, out _))
                answered++;
            else
                refused++;
        }
        Assert.True(answered > 100 && refused > 20, $"answered {answered}, refused {refused}");
    }
}
