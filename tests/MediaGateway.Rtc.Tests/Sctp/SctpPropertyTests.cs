using MediaGateway.Fuzz.Targets;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Sctp;

public sealed class SctpPropertyTests
{
    [Fact]
    public void Association_keeps_its_properties_whatever_comes() => MutatedInputs.Feed(new SctpFuzzTarget());

    [Fact]
    public void Open_message_survives_whatever_parses() => MutatedInputs.Feed(new DataChannelOpenFuzzTarget());
}
