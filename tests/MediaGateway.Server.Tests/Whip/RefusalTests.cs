using System.Net;
using System.Text;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Whip;

/// <summary>Every status of the contract, as a client meets it.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("application/json")]
    [InlineData("text/plain; charset=utf-8")]
    public async Task Offer_of_another_content_type_is_415(string contentType)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(
            TestGateway.Post("/whip/stage", TestGateway.Token(), contentType: contentType));

        await response.AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_content_type");
    }

    [Fact]
    public async Task Offer_with_a_content_type_parameter_is_taken()
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(
            TestGateway.Post("/whip/stage", TestGateway.Token(), contentType: "Application/SDP; charset=utf-8"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n ")]
    public async Task Empty_offer_is_400(string body)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TestGateway.Post("/whep/stage", TestGateway.Token(), body));

        await response.AssertProblemAsync(HttpStatusCode.BadRequest, "malformed_sdp");
    }

    [Fact]
    public async Task Offer_that_is_no_utf8_is_400()
    {
        HttpRequestMessage request = TestGateway.Post("/whip/stage", TestGateway.Token());
        request.Content = new ByteArrayContent([(byte)'v', 0xff, 0xfe]);
        request.Content.Headers.ContentType = new("application/sdp");

        using HttpResponseMessage response = await _gateway.Client.SendAsync(request);

        await response.AssertProblemAsync(HttpStatusCode.BadRequest, "malformed_sdp");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Offer_over_64_KiB_is_413(bool chunked)
    {
        HttpRequestMessage request = TestGateway.Post("/whip/stage", TestGateway.Token(), new string('x', (64 * 1024) + 1));
        request.Headers.TransferEncodingChunked = chunked;

        using HttpResponseMessage response = await _gateway.Client.SendAsync(request);

        await response.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Offer_of_64_KiB_is_taken()
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(
            TestGateway.Post("/whip/stage", TestGateway.Token(), new string('x', 64 * 1024)));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("/whip/a%20b")]
    [InlineData("/whip/%C3%A9")]
    [InlineData("/whep/a%0Ab")]
    public async Task Name_that_is_no_stream_name_is_400(string path)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TestGateway.Post(path, TestGateway.Token()));

        await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid_stream_name");
    }

    [Fact]
    public async Task Request_without_a_token_is_401_with_a_challenge()
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TestGateway.Post("/whip/stage", null));

        await response.AssertProblemAsync(HttpStatusCode.Unauthorized, "token_missing");
        Assert.Equal("Bearer realm=\"mediagateway\"", response.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task Request_with_a_bad_token_is_401_with_the_error_named()
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TestGateway.Post("/whip/stage", "nonsense"));

        await response.AssertProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        Assert.Equal("Bearer realm=\"mediagateway\", error=\"invalid_token\"", response.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task Token_in_the_url_is_not_read()
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(
            TestGateway.Post("/whip/stage?access_token=" + TestGateway.Token(), null));

        await response.AssertProblemAsync(HttpStatusCode.Unauthorized, "token_missing");
    }

    [Theory]
    [InlineData("/whip/stage", false, true)]
    [InlineData("/whep/stage", true, false)]
    [InlineData("/whip/other", true, true)]
    [InlineData("/whep/STAGE", true, true)]
    public async Task Token_without_the_grant_is_403(string path, bool publish, bool subscribe)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(
            TestGateway.Post(path, TestGateway.Token(publish: publish, subscribe: subscribe)));

        await response.AssertProblemAsync(HttpStatusCode.Forbidden, "not_granted");
    }

    [Theory]
    [InlineData("/whip/sessions/AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/whip/sessions/short")]
    [InlineData("/whep/sessions/AAAAAAAAAAAAAAAAAAAA+A")]
    public async Task Unknown_session_is_404(string path)
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(
            TestGateway.Delete(new Uri(path, UriKind.Relative), TestGateway.Token()));

        await response.AssertProblemAsync(HttpStatusCode.NotFound, "session_not_found");
    }

    [Theory]
    [InlineData("GET", "/whip/stage")]
    [InlineData("PUT", "/whep/stage")]
    [InlineData("DELETE", "/whip/stage")]
    [InlineData("GET", "/whip/sessions/AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("POST", "/whep/sessions/AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Method_that_is_reserved_is_405(string method, string path)
    {
        using HttpResponseMessage response =
            await _gateway.Client.SendAsync(TestGateway.Request(new HttpMethod(method), path, TestGateway.Token()));

        await response.AssertProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.NotEmpty(response.Header("Allow"));
    }

    [Fact]
    public async Task Head_of_an_endpoint_is_405()
    {
        using HttpResponseMessage response = await _gateway.Client.SendAsync(TestGateway.Request(HttpMethod.Head, "/whip/stage", null));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.PreconditionRequired, "if_match_required")]
    [InlineData("\"other\"", HttpStatusCode.PreconditionFailed, "stale_etag")]
    [InlineData("W/\"ice0\"", HttpStatusCode.PreconditionFailed, "stale_etag")]
    [InlineData("not-a-tag", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task Patch_is_refused_unless_if_match_names_the_ice_session(string? ifMatch, HttpStatusCode status, string code)
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();

        using HttpResponseMessage response = await _gateway.Client.SendAsync(
            TestGateway.Patch(opened.Headers.Location, TestGateway.Token(), ifMatch));

        await response.AssertProblemAsync(status, code);
        Assert.Null(_gateway.Streams.Candidates);
    }

    [Theory]
    [InlineData("\"other\"", HttpStatusCode.PreconditionFailed, "stale_etag")]
    [InlineData("W/\"ice0\"", HttpStatusCode.PreconditionFailed, "stale_etag")]
    [InlineData("not-a-tag", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task Delete_ends_nothing_when_its_if_match_names_another_ice_session(string ifMatch, HttpStatusCode status, string code)
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();
        using HttpRequestMessage request = TestGateway.Delete(opened.Headers.Location, TestGateway.Token());
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using HttpResponseMessage refused = await _gateway.Client.SendAsync(request);
        using HttpResponseMessage ended =
            await _gateway.Client.SendAsync(TestGateway.Delete(opened.Headers.Location, TestGateway.Token()));

        await refused.AssertProblemAsync(status, code);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"*\"")]
    [InlineData("ETAG")]
    [InlineData("\"other\", ETAG")]
    public async Task Delete_ends_the_session_that_its_if_match_names(string ifMatch)
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();
        using HttpRequestMessage request = TestGateway.Delete(opened.Headers.Location, TestGateway.Token());
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch.Replace("ETAG", opened.Header("ETag"), StringComparison.Ordinal));
        using HttpResponseMessage ended = await _gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
    }

    [Fact]
    public async Task Patch_body_must_be_a_fragment()
    {
        using HttpResponseMessage opened = await _gateway.PublishAsync();
        Uri? session = opened.Headers.Location;

        using HttpResponseMessage empty = await _gateway.Client.SendAsync(TestGateway.Patch(session, TestGateway.Token(), "*", body: ""));
        using HttpResponseMessage sdp = await _gateway.Client.SendAsync(
            TestGateway.Patch(session, TestGateway.Token(), "*", contentType: "application/sdp"));

        await empty.AssertProblemAsync(HttpStatusCode.BadRequest, "malformed_fragment");
        await sdp.AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_content_type");
    }

    [Theory]
    [InlineData(nameof(ErrorCode.MalformedSdp), 400, "malformed_sdp")]
    [InlineData(nameof(ErrorCode.NoCommonCodec), 406, "no_common_codec")]
    [InlineData(nameof(ErrorCode.StreamTaken), 409, "stream_taken")]
    [InlineData(nameof(ErrorCode.UnusableSdp), 422, "unusable_sdp")]
    [InlineData(nameof(ErrorCode.Draining), 503, "draining")]
    [InlineData(nameof(ErrorCode.AtCapacity), 503, "at_capacity")]
    public async Task Refusal_of_the_media_node_reaches_the_client_in_its_words(string error, int status, string code)
    {
        _gateway.Streams.Failure = new ContractException(Enum.Parse<ErrorCode>(error), "The stream is VP9, your offer has H264.");

        using HttpResponseMessage response = await _gateway.WatchAsync();

        string detail = await response.AssertProblemAsync((HttpStatusCode)status, code);
        Assert.Equal("The stream is VP9, your offer has H264.", detail);
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Bug_is_500_and_tells_nothing()
    {
        _gateway.Streams.Failure = new InvalidOperationException("secret internals");

        using HttpResponseMessage response = await _gateway.WatchAsync();

        string detail = await response.AssertProblemAsync(HttpStatusCode.InternalServerError, "internal_error");
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_that_leads_nowhere_is_404()
    {
        using HttpResponseMessage response = await _gateway.Client.GetAsync(new Uri("/nothing/here", UriKind.Relative));

        await response.AssertProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Flood_from_one_source_is_429_and_says_when_to_return()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(
            ("Limits:HttpBurstPerSource", "3"), ("Limits:HttpRequestsPerSecondPerSource", "1"));
        List<HttpStatusCode> statuses = [];
        HttpResponseMessage last;
        do
        {
            last = await gateway.Client.SendAsync(TestGateway.Post("/whip/stage", null));
            statuses.Add(last.StatusCode);
        }
        while (last.StatusCode == HttpStatusCode.Unauthorized && statuses.Count < 1000);

        await last.AssertProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.True(statuses.Count >= 4, $"refused after {statuses.Count} requests, before the burst was used up");
        Assert.True(last.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        using HttpResponseMessage health = await gateway.Client.GetAsync(new Uri("/healthz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Mutated_requests_never_fail_the_server()
    {
        Random random = new(20_261_122);
        string[] paths = ["/whip/stage", "/whep/stage", "/whip/sessions/AAAAAAAAAAAAAAAAAAAAAA", "/whip/%FF", "/whip//"];
        string[] methods = ["POST", "PATCH", "DELETE", "OPTIONS"];
        for (int i = 0; i < 500; i++)
        {
            byte[] noise = new byte[random.Next(1, 80)];
            random.NextBytes(noise);
            string text = new([.. Encoding.Latin1.GetString(noise).Where(character => character is > ' ' and < '\x7f')]);
            HttpRequestMessage request = TestGateway.Request(
                new HttpMethod(methods[random.Next(methods.Length)]), paths[random.Next(paths.Length)], TestGateway.Token(), text,
                    "application/sdp");
            request.Headers.TryAddWithoutValidation("If-Match", text);
            if (random.Next(2) == 0)
                request.Headers.TryAddWithoutValidation("Content-Type", text);

            using HttpResponseMessage response = await _gateway.Client.SendAsync(request);

            Assert.True((int)response.StatusCode < 500, $"{request.Method} {request.RequestUri} If-Match: {text} -> {response.StatusCode}");
        }
    }
}
