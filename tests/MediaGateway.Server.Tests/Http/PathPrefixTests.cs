using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Http;

/// <summary>A gateway behind a proxy that serves it under a path.</summary>
public sealed partial class PathPrefixTests
{
    [Theory]
    [InlineData("/live")]
    [InlineData("/a/b.c~d")]
    public async Task Configured_prefix_is_in_what_clients_are_told_whether_the_proxy_passes_it_or_not(string prefix)
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Http:PathBase", prefix));
        foreach (string passed in (string[])[prefix, ""])
        {
            using HttpResponseMessage opened =
                await gateway.Client.SendAsync(TestGateway.Post(passed + "/whip/stage", TestGateway.Token()));

            Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
            Assert.StartsWith(prefix + "/whip/sessions/", opened.Headers.Location!.ToString(), StringComparison.Ordinal);
            using HttpResponseMessage ended =
                await gateway.Client.SendAsync(TestGateway.Delete(opened.Headers.Location, TestGateway.Token()));
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        }
    }

    [Theory]
    [InlineData("/gw", "/gw/whip/sessions/")]
    [InlineData("/gw/", "/gw/whip/sessions/")]
    [InlineData("/a/b", "/a/b/whip/sessions/")]
    // What is no path, or would lead elsewhere, is left out.
    [InlineData("gw", "/whip/sessions/")]
    [InlineData("/", "/whip/sessions/")]
    [InlineData("//elsewhere.example", "/whip/sessions/")]
    [InlineData("/gw?x=y", "/whip/sessions/")]
    [InlineData("/gw%0d%0aX-Injected: yes", "/whip/sessions/")]
    [InlineData("https://elsewhere.example/", "/whip/sessions/")]
    public async Task Prefix_that_a_trusted_proxy_names_is_in_location(string header, string location)
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Http:TrustedProxies:0", "127.0.0.1"));
        using HttpRequestMessage request = TestGateway.Post("/whip/stage", TestGateway.Token());
        request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", header);
        using HttpResponseMessage opened = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        Assert.StartsWith(location, opened.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Empty(opened.Header("X-Injected"));
    }

    [Fact]
    public async Task Prefix_of_somebody_else_is_not_believed()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Http:TrustedProxies:0", "192.0.2.1"), ("Http:PathBase", "/live"));
        using HttpRequestMessage request = TestGateway.Post("/whip/stage", TestGateway.Token());
        request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", "/elsewhere");
        using HttpResponseMessage opened = await gateway.Client.SendAsync(request);

        Assert.StartsWith("/live/whip/sessions/", opened.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/meet/")]
    [InlineData("/control/")]
    public async Task Pages_find_each_other_and_their_files_under_a_prefix(string page)
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Http:PathBase", "/live"));
        // Without its last slash a page is redirected to itself.
        using HttpResponseMessage response = await gateway.Client.GetAsync(new Uri("/live" + page.TrimEnd('/'), UriKind.Relative));
        Uri url = response.RequestMessage!.RequestUri!;
        Assert.Equal("/live" + page, url.AbsolutePath);
        string[] references = [.. Reference().Matches(await response.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(references);
        foreach (string reference in references)
        {
            var target = new Uri(url, reference);
            Assert.StartsWith("/live/", target.AbsolutePath, StringComparison.Ordinal);
            using HttpResponseMessage file = await gateway.Client.GetAsync(target);
            Assert.True(file.StatusCode == HttpStatusCode.OK, $"{reference}: {file.StatusCode}");
        }
    }

    [Fact]
    public void Scripts_ask_for_no_path_from_the_root() => Assert.Empty(
        from file in Directory.EnumerateFiles(
            RepositoryFiles.PathOf("src/MediaGateway.Server/wwwroot"), "*.js", SearchOption.AllDirectories)
        from Match path in RootedPath().Matches(File.ReadAllText(file))
        select $"{Path.GetFileName(file)}: {path.Value}");

    [Fact]
    public async Task Participants_join_and_back_ends_call_under_a_prefix()
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Http:PathBase", "/live"));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(
            new UriBuilder(gateway.Web.BaseAddress!)
            { Scheme = "ws", Path = "/live/rtc/v1", Query = "access_token=" + TestGateway.Token("stage", "ada") }.Uri,
            CancellationToken.None);
        using HttpResponseMessage answer = await gateway.Web.SendAsync(TestGateway.Request(
            HttpMethod.Post, "/live/mediagateway.v1.RoomService/ListRooms", ControlGateway.AdminToken, "{}", "application/json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("stage", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mediagateway.v1.RoomService/ListRooms")]
    [InlineData("/live/mediagateway.v1.RoomService/ListRooms")]
    [InlineData("/live/twirp/livekit.RoomService/ListRooms")]
    [InlineData("/live/live/mediagateway.v1.RoomService/ListRooms")]
    public async Task Prefix_opens_no_way_to_a_control_api_that_is_not_public(string path)
    {
        await using TestGateway gateway = await TestGateway.StartAsync(("Http:PathBase", "/live"), ("Control:Public", "false"));
        using HttpResponseMessage answer = await gateway.Client.SendAsync(
            TestGateway.Request(HttpMethod.Post, path, TestGateway.Token(), "{}", "application/json"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [GeneratedRegex(@"(?:src|href)=""([^""#]+)""")]
    private static partial Regex Reference();

    /// <summary>A path from the root in a call that fetches it.</summary>
    [GeneratedRegex(@"(?:fetch|import|from|WebSocket|URL|assign|open)\s*\(?\s*[""'`]/[^""'`]*")]
    private static partial Regex RootedPath();
}
