using MediaGateway.Fuzz.Targets;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Rtcp;

public class RtcpPropertyTests
{
    [Fact]
    public void Datagram_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new RtcpFuzzTarget());

    [Fact]
    public void TransportFeedback_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new TwccFuzzTarget());
}
