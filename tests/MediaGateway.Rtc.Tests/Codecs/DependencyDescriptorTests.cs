using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public class DependencyDescriptorTests
{
    [Theory]
    [InlineData("80 0001", true, false, 0, 1, false)]
    [InlineData("43 FFFF", false, true, 3, 65535, false)]
    [InlineData("C0 0001 80 03", true, true, 0, 1, true)]
    [InlineData("C0 0001 40", true, true, 0, 1, false)]
    public void TryParse_mandatory_fields_are_read(string value, bool starts, bool ends, int template, int frame, bool structure)
    {
        Assert.True(DependencyDescriptor.TryParse(Hex.Bytes(value), inForce: null, out DependencyDescriptor descriptor));

        Assert.Equal((starts, ends), (descriptor.StartsFrame, descriptor.EndsFrame));
        Assert.Equal((template, frame), (descriptor.TemplateId, descriptor.FrameNumber));
        Assert.Equal(structure, descriptor.HasTemplateStructure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C000")]
    public void TryParse_truncated_is_refused(string value) =>
        Assert.False(DependencyDescriptor.TryParse(Hex.Bytes(value), inForce: null, out _));
}
