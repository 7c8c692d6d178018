using MediaGateway.Fuzz.Targets;

namespace MediaGateway.Rtc.Tests.Sdp;

public sealed class SdpPropertyTests
{
    [Fact]
    public void Damaged_descriptions_keep_the_properties() => SdpMutator.Feed(new SdpFuzzTarget());

    [Fact]
    public void Damaged_fragments_keep_the_properties() => SdpMutator.Feed(new SdpFragmentFuzzTarget());
}
