using System.Net;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Whip;

public sealed class WhipTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("/whip/stage", "/whip/sessions/")]
    [InlineData("/whep/stage", "/whep/sessions/")]
    public async Task Post_offer_opens_a_session(string path, string locationPrefix)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TestGateway.Post(path, TestGateway.Token()));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("application/sdp", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(FakeLiveStreams.Answer, await response.Content.ReadAsStringAsync());
        Assert.StartsWith(locationPrefix, response.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(22, response.Headers.Location.ToString()[locationPrefix.Length..].Length);
        Assert.Equal("\"ice0\"", response.Headers.ETag!.ToString());
        Assert.Equal("application/trickle-ice-sdpfrag", response.Header("Accept-Patch"));
        Assert.Equal("", response.Header("Link"));
    }

    [Fact]
    public async Task Post_offer_hands_the_node_what_the_token_and_the_body_say()
    {
        using HttpResponseMessage published = await _gateway.PublishAsync();
        using HttpResponseMessage watched = await _gateway.WatchAsync(token: TestGateway.Token(identity: "bob"));

        Assert.Equal("stage", _gateway.Streams.Published!.Stream.Value);
        Assert.Equal("alice", _gateway.Streams.Published.Identity.Value);
        Assert.Equal(TestGateway.Offer, _gateway.Streams.Published.OfferSdp);
        Assert.False(_gateway.Streams.Published.TakeOver);
        Assert.True(_gateway.Streams.Published is { AllowAudio: true, AllowVideo: true });
        Assert.Equal("bob", _gateway.Streams.Watched!.Identity.Value);
    }

    [Fact]
    public async Task Watch_before_anyone_publishes_is_accepted()
    {
        using HttpResponseMessage response = await _gateway.WatchAsync("nobody-yet");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task Second_publisher_is_refused_unless_it_takes_over()
    {
        using HttpResponseMessage first = await _gateway.PublishAsync();
        using HttpResponseMessage second = await _gateway.PublishAsync();
        await second.AssertProblemAsync(HttpStatusCode.Conflict, "stream_taken");

        using HttpResponseMessage byQuery =
            await _gateway.Client.SendAsync(TestGateway.Post("/whip/stage?takeover=1", TestGateway.Token()));
        HttpRequestMessage request = TestGateway.Post("/whip/stage", TestGateway.Token());
        request.Headers.Add("Takeover", "1");
        using HttpResponseMessage byHeader = await _gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, byQuery.StatusCode);
        Assert.Equal(HttpStatusCode.Created, byHeader.StatusCode);
    }

    [Fact]
    public async Task Patch_with_the_current_etag_adds_candidates()
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();

        using HttpResponseMessage response = await _gateway.Client.SendAsync(
            TestGateway.Patch(opened.Headers.Location, TestGateway.Token(), "\"ice0\"", "a=candidate:1\r\n"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("a=candidate:1\r\n", _gateway.Streams.Candidates);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"*\"")]
    public async Task Patch_with_a_star_restarts_ice_and_the_old_etag_is_stale_then(string star)
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();

        using HttpResponseMessage restarted =
            await _gateway.Client.SendAsync(TestGateway.Patch(opened.Headers.Location, TestGateway.Token(), star));
        using HttpResponseMessage stale =
            await _gateway.Client.SendAsync(TestGateway.Patch(opened.Headers.Location, TestGateway.Token(), "\"ice0\""));
        using HttpResponseMessage current =
            await _gateway.Client.SendAsync(TestGateway.Patch(opened.Headers.Location, TestGateway.Token(), "\"ice1\""));

        Assert.Equal(HttpStatusCode.OK, restarted.StatusCode);
        Assert.Equal("\"ice1\"", restarted.Headers.ETag!.ToString());
        Assert.Equal("application/trickle-ice-sdpfrag", restarted.Content.Headers.ContentType?.MediaType);
        Assert.Equal(FakeLiveStreams.AnswerFragment, await restarted.Content.ReadAsStringAsync());
        await stale.AssertProblemAsync(HttpStatusCode.PreconditionFailed, "stale_etag");
        Assert.Equal(HttpStatusCode.NoContent, current.StatusCode);
    }

    [Fact]
    public async Task Delete_ends_the_session_once()
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();

        using HttpResponseMessage first = await _gateway.Client.SendAsync(TestGateway.Delete(opened.Headers.Location, TestGateway.Token()));
        using HttpResponseMessage second =
            await _gateway.Client.SendAsync(TestGateway.Delete(opened.Headers.Location, TestGateway.Token()));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await second.AssertProblemAsync(HttpStatusCode.NotFound, "session_not_found");
    }

    [Fact]
    public async Task Session_is_found_only_under_its_own_protocol()
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();
        Uri asWhep = new(opened.Headers.Location!.ToString().Replace("/whip/", "/whep/", StringComparison.Ordinal), UriKind.Relative);

        using HttpResponseMessage response = await _gateway.Client.SendAsync(TestGateway.Delete(asWhep, TestGateway.Token()));

        await response.AssertProblemAsync(HttpStatusCode.NotFound, "session_not_found");
    }

    [Fact]
    public async Task Session_belongs_to_the_identity_that_opened_it()
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();
        Uri? session = opened.Headers.Location;

        using HttpResponseMessage none = await _gateway.Client.SendAsync(TestGateway.Delete(session, null));
        using HttpResponseMessage other =
            await _gateway.Client.SendAsync(TestGateway.Delete(session, TestGateway.Token(identity: "mallory")));
        using HttpResponseMessage otherRoom =
            await _gateway.Client.SendAsync(TestGateway.Patch(session, TestGateway.Token(room: "elsewhere"), "*"));
        using HttpResponseMessage viewer = await _gateway.Client.SendAsync(TestGateway.Delete(session, TestGateway.Token(publish: false)));

        await none.AssertProblemAsync(HttpStatusCode.Unauthorized, "token_missing");
        await other.AssertProblemAsync(HttpStatusCode.Forbidden, "not_session_owner");
        await otherRoom.AssertProblemAsync(HttpStatusCode.Forbidden, "not_granted");
        await viewer.AssertProblemAsync(HttpStatusCode.Forbidden, "not_granted");
    }

    [Theory]
    [InlineData("/whip/stage", "POST, OPTIONS")]
    [InlineData("/whep/stage", "POST, OPTIONS")]
    [InlineData("/whip/sessions/AAAAAAAAAAAAAAAAAAAAAA", "PATCH, DELETE, OPTIONS")]
    [InlineData("/whep/sessions/AAAAAAAAAAAAAAAAAAAAAA", "PATCH, DELETE, OPTIONS")]
    public async Task Options_says_what_is_taken(string path, string allow)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TestGateway.Request(HttpMethod.Options, path, null));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(allow, response.Header("Allow"));
        Assert.Equal("application/trickle-ice-sdpfrag", response.Header("Accept-Patch"));
        Assert.Equal(path.Contains("sessions", StringComparison.Ordinal) ? "" : "application/sdp", response.Header("Accept-Post"));
    }

    [Theory]
    [InlineData("/whip/stage", "POST")]
    [InlineData("/whep/stage", "POST")]
    [InlineData("/whip/sessions/AAAAAAAAAAAAAAAAAAAAAA", "PATCH")]
    [InlineData("/whep/sessions/AAAAAAAAAAAAAAAAAAAAAA", "DELETE")]
    public async Task Preflight_from_any_site_is_granted(string path, string method)
    {
        HttpRequestMessage request = TestGateway.Request(HttpMethod.Options, path, null);
        request.Headers.Add("Origin", "https://studio.example");
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,if-match,takeover");

        using HttpResponseMessage response = await _gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
        Assert.Contains(method, response.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("If-Match", response.Header("Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Takeover", response.Header("Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_and_refusals_can_be_read_by_pages_of_other_sites(bool authorized)
    {
        HttpRequestMessage request = TestGateway.Post("/whip/stage", authorized ? TestGateway.Token() : null);
        request.Headers.Add("Origin", "https://studio.example");

        using HttpResponseMessage response = await _gateway.Client.SendAsync(request);

        Assert.Equal(authorized ? HttpStatusCode.Created : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
        foreach (string header in (string[])["Location", "ETag", "Link", "Accept-Patch"])
            Assert.Contains(header, response.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ice_servers_are_announced_as_links()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(
            ("IceServers:0:Urls:0", "stun:stun.example:3478"),
            ("IceServers:1:Urls:0", "turn:turn.example?transport=udp"),
            ("IceServers:1:Username", "u"),
            ("IceServers:1:Credential", "c"));

        using HttpResponseMessage response = await gateway.PublishAsync();

        Assert.Equal(
            ["<stun:stun.example:3478>; rel=\"ice-server\"",
                "<turn:turn.example?transport=udp>; rel=\"ice-server\"; username=\"u\"; credential=\"c\"; credential-type=\"password\""],
            response.Headers.GetValues("Link"));
    }
}
