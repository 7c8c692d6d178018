using MediaGateway.Fuzz.Targets;

namespace MediaGateway.Rtc.Tests.Rtp;

public class RtpPropertyTests
{
    [Fact]
    public void Packet_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new RtpPacketFuzzTarget());
}
