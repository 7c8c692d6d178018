using MediaGateway.Rtc.Ice;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Rtc.Tests.Ice;

public sealed class IceCredentialsTests
{
    [Fact]
    public void Create_makes_ice_chars_of_the_length_the_RFC_wants()
    {
        var entropy = new SeededEntropy(1);
        var seen = new HashSet<char>();
        for (int i = 0; i < 1000; i++)
        {
            IceCredentials credentials = IceCredentials.Create(entropy);
            Assert.Equal(12, credentials.UsernameFragment.Length);
            Assert.Equal(24, credentials.Password.Length);
            seen.UnionWith(credentials.UsernameFragment + credentials.Password);
        }
        Assert.Equal(64, seen.Count);
        Assert.All(seen, c => Assert.True(char.IsAsciiLetterOrDigit(c) || c is '+' or '/'));
    }

    [Theory]
    [InlineData("abcd", "0123456789012345678901", true)]
    [InlineData("a+/9", "+/+/+/+/+/+/+/+/+/+/+/", true)]
    [InlineData("a-_=", "0123456789012345678901", true)] // libwebrtc's leniency
    [InlineData("abc", "0123456789012345678901", false)]
    [InlineData("abcd", "012345678901234567890", false)]
    [InlineData("ab:d", "0123456789012345678901", false)]
    [InlineData("ab d", "0123456789012345678901", false)]
    [InlineData("abcd", "012345678901234567890\n", false)]
    [InlineData("abcd", "012345678901234567890é", false)]
    [InlineData(null, "0123456789012345678901", false)]
    [InlineData("abcd", null, false)]
    public void TryCreate_takes_what_RFC_8839_section_5_4_allows(string? fragment, string? password, bool expected)
    {
        Assert.Equal(expected, IceCredentials.TryCreate(fragment, password, out IceCredentials? credentials));
        Assert.Equal(expected ? new IceCredentials(fragment!, password!) : null, credentials);
    }

    [Fact]
    public void TryCreate_of_more_than_256_characters_fails()
    {
        Assert.True(IceCredentials.TryCreate(new string('a', 256), new string('b', 256), out _));
        Assert.False(IceCredentials.TryCreate(new string('a', 257), new string('b', 256), out _));
        Assert.False(IceCredentials.TryCreate(new string('a', 256), new string('b', 257), out _));
    }

    [Fact]
    public void ToString_leaves_the_password_out() =>
        Assert.Equal("abcd:***", new IceCredentials("abcd", "0123456789012345678901").ToString());
}
