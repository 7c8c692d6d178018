using System.Net;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Http;

public sealed class ContentCodingTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("POST", "/whip/stage", "application/sdp", "gzip")]
    [InlineData("POST", "/whip/stage", "application/sdp", "br")]
    [InlineData("POST", "/whip/stage", "application/sdp", "nonsense")]
    [InlineData("POST", "/whip/stage", "application/sdp", "identity, gzip")]
    [InlineData("POST", "/whep/stage", "application/sdp", "GZIP")]
    [InlineData("POST", "/whep/stage", "application/sdp", "deflate")]
    [InlineData("PATCH", "SESSION", "application/trickle-ice-sdpfrag", "gzip")]
    [InlineData("PATCH", "SESSION", "application/trickle-ice-sdpfrag", "zstd")]
    [InlineData("POST", "/mediagateway.v1.RoomService/CreateRoom", "application/grpc-web+proto", "gzip")]
    [InlineData("POST", "/mediagateway.v1.EventService/Watch", "application/connect+json", "br")]
    public async Task Coded_body_is_415_and_says_what_is_taken(string method, string path, string contentType, string coding)
    {
        using HttpResponseMessage response = await SendAsync(method, path, contentType, coding);

        await response.AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_content_encoding");
        Assert.Equal("identity", response.Header("Accept-Encoding"));
    }

    [Fact]
    public async Task Coded_body_is_415_in_the_words_of_Twirp()
    {
        using HttpResponseMessage response =
            await SendAsync("POST", "/twirp/livekit.RoomService/CreateRoom", "application/json", "gzip");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("identity", response.Header("Accept-Encoding"));
        Assert.Contains("\"code\":\"malformed\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_names_the_codings_that_it_takes()
    {
        using HttpResponseMessage response =
            await SendAsync("POST", "/mediagateway.v1.RoomService/CreateRoom", "application/json", "br");

        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Equal("gzip, identity", response.Header("Accept-Encoding"));
    }

    [Fact]
    public async Task Body_as_it_is_may_say_so()
    {
        using HttpResponseMessage response = await SendAsync("POST", "/whip/stage", "application/sdp", "Identity");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/whip/stage", "Accept-Post", "application/sdp")]
    [InlineData("PATCH", "SESSION", "Accept-Patch", "application/trickle-ice-sdpfrag")]
    public async Task Body_of_another_type_is_told_what_is_taken(string method, string path, string header, string type)
    {
        using HttpResponseMessage response = await SendAsync(method, path, "text/plain", null);

        await response.AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_content_type");
        Assert.Equal(type, response.Header(header));
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string contentType, string? coding)
    {
        if (path == "SESSION")
        {
            using HttpResponseMessage opened = await _gateway.PublishAsync();
            path = opened.Headers.Location!.ToString();
        }
        using HttpRequestMessage request =
            TestGateway.Request(new HttpMethod(method), path, TestGateway.Token(), TestGateway.Offer, contentType);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (coding is not null)
            request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await _gateway.Client.SendAsync(request);
    }
}
