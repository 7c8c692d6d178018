using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Sdp;

public sealed class SdpLimitsTests
{
    private const string Session = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n";
    private const string Video = Session + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n";

    [Theory]
    [InlineData(524_288, null)]
    [InlineData(524_289, SdpErrorCode.TooLong)]
    public void Length_is_bounded(int length, SdpErrorCode? code)
    {
        string text = Session;
        while (text.Length < length)
            text += "a=" + new string('x', Math.Min(1024, length - text.Length) - 4) + "\r\n";

        Assert.Equal(length, text.Length);
        AssertBound(text, code);
    }

    [Theory]
    [InlineData(12_000, null)]
    [InlineData(12_001, SdpErrorCode.TooManyLines)]
    public void Lines_are_bounded(int lines, SdpErrorCode? code) => AssertBound(Session + Repeat("b=AS:1\r\n", lines - 3), code);

    [Theory]
    [InlineData(4096, null)]
    [InlineData(4097, SdpErrorCode.LineTooLong)]
    public void Line_length_is_bounded(int length, SdpErrorCode? code) =>
        AssertBound(Session + "a=" + new string('x', length - 2) + "\r\n", code);

    [Theory]
    [InlineData(256, null)]
    [InlineData(257, SdpErrorCode.TooManyMedia)]
    public void Media_sections_are_bounded(int count, SdpErrorCode? code) =>
        AssertBound(Session + Repeat("m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n", count), code);

    [Theory]
    [InlineData(512, null)]
    [InlineData(513, SdpErrorCode.TooManyAttributes)]
    public void Attributes_are_bounded(int count, SdpErrorCode? code) => AssertBound(Video + Repeat("a=x\r\n", count), code);

    [Fact]
    public void Candidates_are_bounded()
    {
        string text = Video + Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", SdpLimits.Default.MaxCandidates + 1);

        Assert.True(SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? description, out _));
        Assert.Equal(SdpLimits.Default.MaxCandidates, description!.Media[0].Candidates.Length);
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, SdpErrorCode.TooManySources)]
    public void Sources_are_bounded_by_number_not_by_lines(int count, SdpErrorCode? code) => AssertBound(
        Video + string.Concat(Enumerable.Range(1, count).Select(i => $"a=ssrc:{i} cname:c\r\na=ssrc:{i} msid:s t\r\n")), code);

    [Fact]
    public void Sources_hidden_in_groups_are_counted() => AssertBound(
        Video + $"a=ssrc-group:SIM {string.Join(' ', Enumerable.Range(1, 65))}\r\n", SdpErrorCode.TooManySources);

    [Fact]
    public void Bounds_of_a_section_begin_anew_with_the_next() =>
        AssertBound(Session + Repeat("m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" + Repeat("a=x\r\n", 512), 3), null);

    private static void AssertBound(string text, SdpErrorCode? code)
    {
        bool parsed = SessionDescription.TryParse(text, SdpLimits.Default, out _, out SdpError? error);

        Assert.Equal(code is null, parsed);
        Assert.Equal(code, error?.Code);
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
