using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public class Vp8DescriptorTests
{
    [Fact]
    public void TryParse_one_byte_descriptor_has_no_optional_fields()
    {
        Assert.True(Vp8Descriptor.TryParse(Hex.Bytes("33 AA"), out Vp8Descriptor descriptor));

        Assert.Equal(1, descriptor.Length);
        Assert.True(descriptor.IsNonReference);
        Assert.True(descriptor.StartsPartition);
        Assert.Equal(3, descriptor.PartitionIndex);
        Assert.False(descriptor.StartsFrame);
        Assert.False(descriptor.HasPictureId || descriptor.HasTl0PicIdx || descriptor.HasTemporalId || descriptor.HasKeyIndex);
    }

    [Fact]
    public void TryParse_all_optional_fields_are_read()
    {
        Assert.True(Vp8Descriptor.TryParse(Hex.Bytes("90 F0 9234 56 A7 AA"), out Vp8Descriptor descriptor));

        Assert.Equal(6, descriptor.Length);
        Assert.True(descriptor.StartsFrame);
        Assert.Equal((15, 0x1234), (descriptor.PictureIdBits, descriptor.PictureId));
        Assert.Equal(0x56, descriptor.Tl0PicIdx);
        Assert.Equal((2, true), (descriptor.TemporalId, descriptor.IsLayerSync));
        Assert.Equal((true, 7), (descriptor.HasKeyIndex, descriptor.KeyIndex));
    }

    [Theory]
    [InlineData("90 80 34", 3, 7, 0x34)]
    [InlineData("90 80 B456", 4, 15, 0x3456)]
    [InlineData("90 00", 2, 0, 0)]
    public void TryParse_picture_id_has_7_or_15_bits(string payload, int length, int bits, int pictureId)
    {
        Assert.True(Vp8Descriptor.TryParse(Hex.Bytes(payload), out Vp8Descriptor descriptor));

        Assert.Equal((length, bits, pictureId), (descriptor.Length, descriptor.PictureIdBits, descriptor.PictureId));
    }

    [Fact]
    public void TryParse_key_index_without_temporal_id_leaves_the_layer_out()
    {
        Assert.True(Vp8Descriptor.TryParse(Hex.Bytes("90 10 E9"), out Vp8Descriptor descriptor));

        Assert.Equal((false, 0, false), (descriptor.HasTemporalId, descriptor.TemporalId, descriptor.IsLayerSync));
        Assert.Equal(9, descriptor.KeyIndex);
    }

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("90 80")]
    [InlineData("90 80 B4")]
    [InlineData("90 C0 34")]
    [InlineData("90 20")]
    [InlineData("90 F0 9234 56")]
    public void TryParse_truncated_is_refused(string payload) =>
        Assert.False(Vp8Descriptor.TryParse(Hex.Bytes(payload), out _));

    [Theory]
    [InlineData("90 F0 9234 56 A7 AA", "90 F0 FFFE 78 A7 AA")]
    [InlineData("90 E0 34 56 A7 AA", "90 E0 7E 78 A7 AA")]
    [InlineData("10 34 56", "10 34 56")]
    [InlineData("90 40 34", "90 40 78")]
    public void Write_fields_keep_their_width_and_the_rest(string payload, string expected)
    {
        byte[] bytes = Hex.Bytes(payload);
        Assert.True(Vp8Descriptor.TryParse(bytes, out Vp8Descriptor descriptor));

        descriptor.WritePictureId(bytes, 0x7FFE);
        descriptor.WriteTl0PicIdx(bytes, 0x78);

        Assert.Equal(Hex.Bytes(expected), bytes);
    }
}
