using MediaGateway.Rtc.Rtp;

namespace MediaGateway.Rtc.Tests.Rtp;

public class HeaderExtensionMapTests
{
    [Fact]
    public void IdOf_and_TryGetKind_answer_both_ways()
    {
        HeaderExtensionMap map = new([new(HeaderExtensionKind.Mid, 4), new(HeaderExtensionKind.DependencyDescriptor, 255)]);

        Assert.Equal(4, map.IdOf(HeaderExtensionKind.Mid));
        Assert.Equal(255, map.IdOf(HeaderExtensionKind.DependencyDescriptor));
        Assert.Equal(0, map.IdOf(HeaderExtensionKind.AudioLevel));
        Assert.True(map.TryGetKind(255, out HeaderExtensionKind kind));
        Assert.Equal(HeaderExtensionKind.DependencyDescriptor, kind);
        Assert.False(map.TryGetKind(5, out _));
        Assert.Equal(2, map.Entries.Count);
    }

    [Fact]
    public void TryGetKind_id_0_is_never_negotiated() => Assert.False(HeaderExtensionMap.Empty.TryGetKind(0, out _));

    [Theory]
    [InlineData(HeaderExtensionKind.Mid, 1, HeaderExtensionKind.Mid, 2)]
    [InlineData(HeaderExtensionKind.Mid, 1, HeaderExtensionKind.AudioLevel, 1)]
    [InlineData(HeaderExtensionKind.Mid, 1, HeaderExtensionKind.AudioLevel, 0)]
    public void Constructor_duplicate_or_zero_throws(HeaderExtensionKind a, byte idOfA, HeaderExtensionKind b, byte idOfB) =>
        Assert.Throws<ArgumentException>(() => new HeaderExtensionMap([new(a, idOfA), new(b, idOfB)]));

    [Fact]
    public void Uris_are_distinct_and_found_again()
    {
        foreach (HeaderExtensionKind kind in Enum.GetValues<HeaderExtensionKind>())
        {
            Assert.True(HeaderExtensionUris.TryGetKind(HeaderExtensionUris.Of(kind), out HeaderExtensionKind found));
            Assert.Equal(kind, found);
        }
    }

    [Theory]
    [InlineData(HeaderExtensionKind.Mid, "urn:ietf:params:rtp-hdrext:sdes:mid")]
    [InlineData(HeaderExtensionKind.AudioLevel, "urn:ietf:params:rtp-hdrext:ssrc-audio-level")]
    [InlineData(
        HeaderExtensionKind.TransportSequenceNumber,
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01")]
    [InlineData(
        HeaderExtensionKind.DependencyDescriptor,
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension")]
    [InlineData(
        HeaderExtensionKind.VideoLayersAllocation,
        "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00")]
    public void Uris_are_those_that_browsers_offer(HeaderExtensionKind kind, string uri) =>
        Assert.Equal(uri, HeaderExtensionUris.Of(kind));

    [Fact]
    public void TryGetKind_unknown_uri_is_not_found() => Assert.False(HeaderExtensionUris.TryGetKind("urn:x", out _));
}
