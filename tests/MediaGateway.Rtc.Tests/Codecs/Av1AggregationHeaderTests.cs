using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public class Av1AggregationHeaderTests
{
    [Theory]
    [InlineData("80 00", true, false, 0, false)]
    [InlineData("40 00", false, true, 0, false)]
    [InlineData("30 00", false, false, 3, false)]
    [InlineData("08 00", false, false, 0, true)]
    public void TryParse_reads_each_field(string payload, bool continues, bool continued, int count, bool starts)
    {
        Assert.True(Av1AggregationHeader.TryParse(Hex.Bytes(payload), out Av1AggregationHeader header));

        Assert.Equal((continues, continued), (header.ContinuesObu, header.IsContinued));
        Assert.Equal((count, starts), (header.ElementCount, header.StartsCodedVideoSequence));
    }

    [Theory]
    [InlineData("")]
    [InlineData("08")]
    public void TryParse_without_element_is_refused(string payload) =>
        Assert.False(Av1AggregationHeader.TryParse(Hex.Bytes(payload), out _));
}
