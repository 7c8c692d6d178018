using MediaGateway.Fuzz.Targets;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public class CodecPropertyTests
{
    [Fact]
    public void Vp8Descriptor_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new Vp8DescriptorFuzzTarget());

    [Fact]
    public void Vp9Descriptor_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new Vp9DescriptorFuzzTarget());

    [Fact]
    public void H264_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new H264FuzzTarget());

    [Fact]
    public void H265_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new H265FuzzTarget());

    [Fact]
    public void Av1_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new Av1FuzzTarget());

    [Fact]
    public void DependencyDescriptor_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new DependencyDescriptorFuzzTarget());

    [Fact]
    public void RedPayload_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new RedPayloadFuzzTarget());

    [Fact]
    public void CodecParameters_mutated_inputs_keep_the_properties() => MutatedInputs.Feed(new CodecParametersFuzzTarget());
}
