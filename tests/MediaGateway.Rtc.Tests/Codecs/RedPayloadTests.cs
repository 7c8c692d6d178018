using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public class RedPayloadTests
{
    [Theory]
    [InlineData("6F AABB", "AABB")]
    // Two redundant blocks, 960 and 1920 units back, of 2 bytes and 1 byte.
    [InlineData("EF1E0002 EF0F0001 6F C1C2 D1 AABB", "AABB")]
    [InlineData("EF0F0001 6F D1", "")]
    [InlineData("6F", "")]
    public void TryParse_primary_block_is_behind_the_redundant_ones(string payload, string primary)
    {
        Assert.True(RedPayload.TryParse(Hex.Bytes(payload), out RedPayload red));

        Assert.Equal(new PayloadType(111), red.PrimaryPayloadType);
        Assert.Equal(Hex.Bytes(primary), red.Primary.ToArray());
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("EF0F00", "a header is cut")]
    [InlineData("EF0F0001", "no primary header")]
    [InlineData("EF0F0003 6F D1D2", "a redundant block is cut")]
    public void TryParse_truncated_is_refused(string payload, string why) =>
        Assert.False(RedPayload.TryParse(Hex.Bytes(payload), out _), why);
}
