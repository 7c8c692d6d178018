using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Rtc.Tests.Codecs;

public class CodecParametersTests
{
    private const string Fmtp = "level-asymmetry-allowed=1;packetization-mode=1; Profile-Level-Id = 42e01f ;x=a=b;flag;;empty=";

    [Theory]
    [InlineData("level-asymmetry-allowed", "1")]
    [InlineData("packetization-mode", "1")]
    [InlineData("profile-level-id", "42e01f")]
    [InlineData("x", "a=b")]
    [InlineData("flag", "")]
    [InlineData("empty", "")]
    public void TryGet_key_that_is_there_gives_its_value(string key, string expected)
    {
        Assert.True(CodecParameters.TryGet(Fmtp, key, out ReadOnlySpan<char> value));
        Assert.Equal(expected, value.ToString());
    }

    [Theory]
    [InlineData(Fmtp, "mode")]
    [InlineData(Fmtp, "")]
    [InlineData("", "x")]
    [InlineData("111/111", "apt")]
    public void TryGet_key_that_is_not_there_is_not_found(string fmtp, string key) =>
        Assert.False(CodecParameters.TryGet(fmtp, key, out _));
}
