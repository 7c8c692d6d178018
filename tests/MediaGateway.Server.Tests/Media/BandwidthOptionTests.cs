using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Node;
using MediaGateway.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaGateway.Server.Tests.Media;

/// <summary>Tests of what an operator's options do to the lines of viewers.</summary>
public sealed class BandwidthOptionTests
{
    /// <summary>An offer of a viewer who can tell of every packet's arrival.</summary>
    private static readonly string Offer = string.Join("\r\n",
    [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:0",
        "a=recvonly", "a=rtcp-mux", "a=setup:actpass", "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx",
        $"a=fingerprint:sha-256 {string.Join(':', Enumerable.Repeat("AB", 32))}",
        "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", "a=rtpmap:111 opus/48000/2",
        "a=rtcp-fb:111 transport-cc", "",
    ]);

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task Packets_are_numbered_where_lines_are_estimated_and_nowhere_else(string enabled, bool isNumbered)
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Bandwidth:Enabled", enabled));

        string answer = await WatchAsync(gateway);

        Assert.Equal(isNumbered, answer.Contains("a=rtcp-fb:111 transport-cc", StringComparison.Ordinal));
        Assert.Equal(isNumbered, answer.Contains("transport-wide-cc-extensions", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", 400_000L)]
    [InlineData("false", null)]
    public async Task Cap_of_the_operator_is_what_every_line_carries_at_most(string enabled, long? expected)
    {
        await using ControlGateway gateway =
            await ControlGateway.StartAsync(("Bandwidth:Enabled", enabled), ("Bandwidth:MaxPerViewer", "400000"));
        await WatchAsync(gateway);

        Bitrate? estimate = await gateway.Services.GetRequiredService<WorkerPool>().Workers[0].InvokeAsync((media, _) =>
            media.LiveStreams.Find("stage")!.Viewers.Single().MeasureLine().Estimate);

        Assert.Equal(expected, estimate?.BitsPerSecond);
    }

    private static async Task<string> WatchAsync(ControlGateway gateway)
    {
        string token = TestGateway.Token(new TokenRequest("alice", "stage", true, true, TimeSpan.FromHours(1)));
        using HttpRequestMessage request = TestGateway.Post("/whep/stage", token, Offer);
        using HttpResponseMessage response = await gateway.Web.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
