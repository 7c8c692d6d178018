using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Sdp;

public sealed class SdpFragmentTests
{
    /// <summary>The example of RFC 9725 section 4.3.2, shortened.</summary>
    private const string Trickle = """
        a=group:BUNDLE 0 1
        m=audio 9 UDP/TLS/RTP/SAVPF 111
        a=mid:0
        a=ice-ufrag:EsAw
        a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
        a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1
        a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0 ufrag EsAw network-id 2
        a=end-of-candidates

        """;

    [Fact]
    public void Candidates_are_read_with_their_section()
    {
        SdpFragment fragment = Parse(Trickle);

        Assert.Equal(("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"), (fragment.UsernameFragment, fragment.Password));
        Assert.Equal(2, fragment.TrickledCandidates.Length);
        Assert.All(fragment.TrickledCandidates, candidate => Assert.Equal(new Mid("0"), candidate.Mid));
        Assert.StartsWith("1387637174 1 udp", fragment.TrickledCandidates[0].Value, StringComparison.Ordinal);
        Assert.True(fragment.EndsCandidates);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Fragment_is_written_back_unchanged(string lineEnd)
    {
        string text = Trickle.ReplaceLineEndings(lineEnd);

        Assert.Equal(text, Parse(text).ToString());
    }

    [Fact]
    public void Credentials_at_session_level_are_read()
    {
        SdpFragment fragment = Parse("a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n");

        Assert.Equal(("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"), (fragment.UsernameFragment, fragment.Password));
        Assert.False(fragment.EndsCandidates);
    }

    [Fact]
    public void Candidates_without_a_section_are_read()
    {
        SdpFragment fragment = Parse("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n");

        Assert.Null(fragment.TrickledCandidates.Single().Mid);
        Assert.True(fragment.EndsCandidates);
        Assert.Null(fragment.UsernameFragment);
    }

    [Theory]
    [InlineData("v=0\r\n", SdpErrorCode.UnexpectedLine)]
    [InlineData("a=mid:0\r\nc=IN IP4 0.0.0.0\r\n", SdpErrorCode.UnexpectedLine)]
    [InlineData("nonsense", SdpErrorCode.InvalidLine)]
    [InlineData("a=ice-ufrag:abcd\r\nm=audio 9 RTP/AVP 0\r\na=ice-ufrag:dcba\r\n", SdpErrorCode.ConflictingIceCredentials)]
    public void What_is_not_a_fragment_is_refused(string text, SdpErrorCode code)
    {
        Assert.False(SdpFragment.TryParse(text, SdpLimits.Default, out SdpFragment? fragment, out SdpError? error));

        Assert.Null(fragment);
        Assert.Equal(code, error!.Code);
    }

    [Fact]
    public void Candidates_are_bounded()
    {
        string text = string.Concat(Enumerable.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 33));

        Assert.Equal(SdpLimits.Default.MaxCandidates, Parse(text).TrickledCandidates.Length);
    }

    private static SdpFragment Parse(string text)
    {
        Assert.True(SdpFragment.TryParse(text, SdpLimits.Default, out SdpFragment? fragment, out SdpError? error), error?.ToString());
        return fragment!;
    }
}
