using System.Net;
using System.Text.Json;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Hosting;

public sealed class DevelopmentEndpointsTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync("Development");

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("publisher", "/whip/stage", "/whep/stage")]
    [InlineData("viewer", "/whep/stage", "/whip/stage")]
    public async Task Page_gets_a_token_for_its_role_only(string role, string granted, string refused)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TokenRequest($$"""{"stream":"stage","role":"{{role}}"}"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Header("Cache-Control"));
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        string token = body.RootElement.GetProperty("token").GetString()!;

        using HttpResponseMessage allowed = await _gateway.Client.SendAsync(TestGateway.Post(granted, token));
        using HttpResponseMessage denied = await _gateway.Client.SendAsync(TestGateway.Post(refused, token));

        Assert.Equal(HttpStatusCode.Created, allowed.StatusCode);
        await denied.AssertProblemAsync(HttpStatusCode.Forbidden, "not_granted");
    }

    [Fact]
    public async Task Page_gets_a_token_to_meet()
    {
        using HttpResponseMessage response =
            await _gateway.Client.SendAsync(TokenRequest("""{"room":"my room","identity":"alice","name":"Alice"}"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("alice", body.RootElement.GetProperty("identity").GetString());

        await using SignalClient client =
            await SignalClient.ConnectAsync(_gateway, token: body.RootElement.GetProperty("token").GetString());
        SignalResponse join = await client.ReceiveAsync();

        Assert.Equal("my room", join.Join.Room.Name);
        Assert.Equal("Alice", join.Join.Participant.Name);
        Assert.True(join.Join.Participant.Permission.CanUpdateMetadata);
    }

    [Fact]
    public async Task Page_without_an_identity_gets_one()
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TokenRequest("""{"room":"r"}"""));

        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.StartsWith("page-", body.RootElement.GetProperty("identity").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-site", "127.0.0.1")]
    [InlineData("same-site", "127.0.0.1")]
    [InlineData("none", "127.0.0.1")]
    [InlineData(null, "127.0.0.1")]
    [InlineData("same-origin", "evil.example")]
    [InlineData("same-origin", "127.0.0.1.evil.example")]
    public async Task Anyone_but_the_own_page_is_refused(string? site, string host)
    {
        foreach (HttpRequestMessage request in (HttpRequestMessage[])[TokenRequest("""{"stream":"stage","role":"viewer"}""", site, host),
            StreamsRequest(site, host)])
        {
            using HttpResponseMessage response = await _gateway.Client.SendAsync(request);
            await response.AssertProblemAsync(HttpStatusCode.Forbidden, "foreign_origin");
            Assert.Equal("", response.Header("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("LOCALHOST:7880")]
    [InlineData("[::1]:7880")]
    public async Task Page_may_be_opened_under_any_loopback_name(string host)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(StreamsRequest(host: host));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("", "invalid_request")]
    [InlineData("{", "invalid_request")]
    [InlineData("null", "invalid_request")]
    [InlineData("[]", "invalid_request")]
    [InlineData("""{"stream":"stage","role":"admin"}""", "invalid_request")]
    [InlineData("""{"stream":"stage","role":"director"}""", "invalid_request")]
    [InlineData("""{"stream":5,"role":"viewer"}""", "invalid_request")]
    [InlineData("""{"role":"viewer"}""", "invalid_stream_name")]
    [InlineData("""{"stream":"a b","role":"viewer"}""", "invalid_stream_name")]
    [InlineData("""{"room":""}""", "invalid_room_name")]
    [InlineData("""{"room":"r","identity":""}""", "invalid_identity")]
    [InlineData("""{"room":"r","role":"viewer"}""", "invalid_request")]
    public async Task Bad_wish_is_400(string json, string code)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TokenRequest(json));

        await response.AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Streams_are_listed_with_their_viewers()
    {
        using HttpResponseMessage published = await _gateway.PublishAsync();
        using HttpResponseMessage watched = await _gateway.WatchAsync();

        using HttpResponseMessage response = await _gateway.Client.SendAsync(StreamsRequest());

        Assert.Equal("""[{"name":"stage","live":true,"viewers":1,"codecs":["VP8"]}]""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Outside_development_they_do_not_exist()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();

        using HttpResponseMessage token = await gateway.Client.SendAsync(TokenRequest("""{"stream":"stage","role":"viewer"}"""));
        using HttpResponseMessage streams = await gateway.Client.SendAsync(StreamsRequest());

        await token.AssertProblemAsync(HttpStatusCode.NotFound, "not_found");
        await streams.AssertProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static HttpRequestMessage TokenRequest(string json, string? site = "same-origin", string host = "127.0.0.1")
        => From(TestGateway.Post("/development/token", null, json, "application/json"), site, host);

    private static HttpRequestMessage StreamsRequest(string? site = "same-origin", string host = "localhost:7880")
        => From(TestGateway.Request(HttpMethod.Get, "/development/streams", null), site, host);

    private static HttpRequestMessage From(HttpRequestMessage request, string? site, string host)
    {
        request.Headers.Host = host;
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        return request;
    }
}
