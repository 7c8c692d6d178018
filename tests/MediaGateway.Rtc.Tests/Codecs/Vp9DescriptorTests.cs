using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public class Vp9DescriptorTests
{
    [Fact]
    public void TryParse_non_flexible_mode_has_tl0_pic_idx()
    {
        Assert.True(Vp9Descriptor.TryParse(Hex.Bytes("AC 9234 53 78 AA"), out Vp9Descriptor descriptor));

        Assert.Equal(5, descriptor.Length);
        Assert.Equal((15, 0x1234), (descriptor.PictureIdBits, descriptor.PictureId));
        Assert.Equal((2, true, 1, true), (
            descriptor.TemporalId, descriptor.IsSwitchingUpPoint, descriptor.SpatialId, descriptor.IsInterLayerDependent));
        Assert.Equal((true, 0x78), (descriptor.HasTl0PicIdx, descriptor.Tl0PicIdx));
        Assert.Equal((true, true, false, false), (
            descriptor.StartsFrame, descriptor.EndsFrame, descriptor.IsInterPicturePredicted, descriptor.IsFlexible));
    }

    [Fact]
    public void TryParse_flexible_mode_has_picture_differences()
    {
        Assert.True(Vp9Descriptor.TryParse(Hex.Bytes("F1 34 20 03 FE AA"), out Vp9Descriptor descriptor));

        Assert.Equal(5, descriptor.Length);
        Assert.Equal((7, 0x34), (descriptor.PictureIdBits, descriptor.PictureId));
        Assert.False(descriptor.HasTl0PicIdx);
        Assert.True(descriptor.IsNotReferenceForUpperLayers);
        Assert.Equal(2, descriptor.PictureDifferenceCount);
        Assert.Equal((1, 127), (descriptor.PictureDifference(0), descriptor.PictureDifference(1)));
    }

    [Theory]
    // Three spatial layers with sizes and a picture group of two, with one and two references.
    [InlineData("0A 58 0140 00B4 0280 0168 0500 02D0 02 04 01 08 0102", 3, 20)]
    // Only the number of layers.
    [InlineData("0A E0", 8, 2)]
    // An empty picture group.
    [InlineData("0A 08 00", 1, 3)]
    public void TryParse_scalability_structure_is_part_of_the_descriptor(string payload, int layers, int length)
    {
        Assert.True(Vp9Descriptor.TryParse(Hex.Bytes(payload + "AA"), out Vp9Descriptor descriptor));

        Assert.True(descriptor.HasScalabilityStructure);
        Assert.Equal((layers, length), (descriptor.SpatialLayerCount, descriptor.Length));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("80", "no picture id")]
    [InlineData("80 92", "half a picture id")]
    [InlineData("20", "no layer byte")]
    [InlineData("20 00", "no TL0PICIDX")]
    [InlineData("50", "no P_DIFF")]
    [InlineData("50 03", "a second P_DIFF announced")]
    [InlineData("50 03 03 03 02", "a fourth P_DIFF announced")]
    [InlineData("02", "no scalability structure")]
    [InlineData("02 10 0140 00", "a frame size is cut")]
    [InlineData("02 08", "no picture count")]
    [InlineData("02 08 01", "a picture is missing")]
    [InlineData("02 08 01 0C 0102", "a reference is missing")]
    public void TryParse_truncated_is_refused(string payload, string why) =>
        Assert.False(Vp9Descriptor.TryParse(Hex.Bytes(payload), out _), why);
}
