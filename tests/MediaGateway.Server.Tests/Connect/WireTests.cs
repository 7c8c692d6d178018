using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Echo.V1;
using Google.Protobuf;
using Grpc.Core;

namespace MediaGateway.Server.Tests.Connect;

/// <summary>Tests of the bytes on the wire: gRPC-Web, Connect, and requests that break the rules.</summary>
public sealed class WireTests(EchoServer server) : IClassFixture<EchoServer>
{
    private const string Say = "echo.v1.EchoService/Say";
    private const string Repeat = "echo.v1.EchoService/Repeat";

    [Theory]
    [InlineData("""{"text":"hi","count":3}""", HttpStatusCode.OK, """{ "text": "hi" }""")]
    [InlineData("", HttpStatusCode.OK, "{ }")]
    [InlineData("""{"unknownField":1}""", HttpStatusCode.OK, "{ }")]
    [InlineData("""{"text":"gone","fail":5}""", HttpStatusCode.NotFound, """{"code":"not_found","message":"gone"}""")]
    [InlineData("""{"text":"no","fail":7}""", HttpStatusCode.Forbidden, """{"code":"permission_denied","message":"no"}""")]
    public async Task Connect_unary_is_plain_json(string request, HttpStatusCode status, string response)
    {
        HttpResponseMessage answer = await PostAsync(Say, "application/json", Encoding.UTF8.GetBytes(request));

        Assert.Equal((status, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(response, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"count":"many"}""")]
    [InlineData("[]")]
    [InlineData("""{"data":"%"}""")]
    [InlineData("\u0000")]
    public async Task Json_that_is_no_request_says_so(string request)
    {
        HttpResponseMessage answer = await PostAsync(Say, "application/json", Encoding.UTF8.GetBytes(request));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using JsonDocument error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("invalid_argument", error.RootElement.GetProperty("code").GetString());
        Assert.StartsWith("The request is not the JSON of echo.v1.SayRequest", error.RootElement.GetProperty("message").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_unary_takes_protobuf_and_gzip()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(new SayRequest { Text = "small" }.ToByteArray());
        var content = new ByteArrayContent(compressed.ToArray())
        { Headers = { ContentType = new MediaTypeHeaderValue("application/proto"), ContentEncoding = { "gzip" } } };

        HttpResponseMessage answer = await server.Web.PostAsync(new Uri(server.Http1, Say), content);

        Assert.Equal("small", SayResponse.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync()).Text);
    }

    [Fact]
    public async Task Connect_stream_ends_with_its_status()
    {
        byte[] body = await (await PostAsync(Repeat, "application/connect+json",
            Frame(0, Encoding.UTF8.GetBytes("""{"text":"x","count":2,"fail":10}""")))).Content.ReadAsByteArrayAsync();
        List<(byte Flags, string Text)> frames = [.. Frames(body).Select(frame => (frame.Flags, Encoding.UTF8.GetString(frame.Payload)))];

        Assert.Equal([0, 0, 2], frames.Select(frame => (int)frame.Flags));
        Assert.Equal("""{ "text": "x", "number": 1 }""", frames[1].Text);
        Assert.Equal("""{"error":{"code":"aborted","message":"x"},"metadata":{"why":["asked"]}}""", frames[2].Text);
    }

    [Theory]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/grpc-web+proto", false)]
    [InlineData("application/grpc-web-text", true)]
    public async Task Grpc_web_carries_its_trailers_in_the_body(string type, bool isText)
    {
        byte[] request = Frame(0, new SayRequest { Text = "web", Count = 2 }.ToByteArray());
        if (isText)
            request = Encoding.ASCII.GetBytes(Convert.ToBase64String(request));
        byte[] body = await (await PostAsync(Repeat, type, request)).Content.ReadAsByteArrayAsync();
        if (isText)
            body = FromBase64Chunks(Encoding.ASCII.GetString(body));
        List<(byte Flags, byte[] Payload)> frames = [.. Frames(body)];

        Assert.Equal([0, 0, 0x80], frames.Select(frame => (int)frame.Flags));
        Assert.Equal("web", SayResponse.Parser.ParseFrom(frames[0].Payload).Text);
        Assert.Equal("grpc-status: 0\r\n", Encoding.ASCII.GetString(frames[2].Payload));
    }

    [Fact]
    public async Task Wrong_type_method_and_version_are_refused_by_http()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(Say, "text/plain", [])).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(Say, "application/connect+json", [])).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await server.Web.GetAsync(new Uri(server.Http1, Say))).StatusCode);
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await PostAsync(Say, "application/grpc", [])).StatusCode);
    }

    [Theory]
    [InlineData(new byte[] { }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, StatusCode.Internal)]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 }, StatusCode.Unknown)]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 0xFF }, StatusCode.Unknown)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0x7F, 0xFF, 0xFF, 0xFF }, StatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF }, StatusCode.Unknown)]
    public async Task Broken_frames_have_a_status(byte[] body, StatusCode expected) =>
        Assert.Equal(expected, (await GrpcAsync(body)).Status);

    /// <summary>A client's fault is none of the gateway's: 400, and no 500.</summary>
    [Theory]
    [InlineData("application/proto", "gzip")]
    [InlineData("application/json", "gzip")]
    public async Task Request_that_cannot_be_unpacked_is_an_invalid_argument(string type, string encoding)
    {
        using HttpResponseMessage response = await PostAsync(Say, type, [0xFF, 0xFF, 0xFF], encoding);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"invalid_argument\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 9, "The request ends within a message.")]
    [InlineData(1, 0, "A message is marked as compressed, but the call does not name gzip as its compression.")]
    [InlineData(7, 0, "A message begins with the unknown flags 7.")]
    public async Task Stream_that_cannot_be_unpacked_is_an_invalid_argument(byte flags, byte length, string message)
    {
        byte[] answer = await (await PostAsync(Repeat, "application/connect+json", [flags, 0, 0, 0, length])).Content
            .ReadAsByteArrayAsync();

        Assert.Contains($$"""{"code":"invalid_argument","message":"{{message}}"}""", Encoding.UTF8.GetString(answer),
            StringComparison.Ordinal);
    }

    /// <summary>Status of the service's own: a proxy or a monitor has to see that it was no fault of the client.</summary>
    [Fact]
    public async Task Internal_error_of_a_service_stays_one()
    {
        using HttpResponseMessage response =
            await PostAsync(Say, "application/json", Encoding.UTF8.GetBytes("""{"text":"deep","fail":13}"""));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("""{"code":"internal","message":"deep"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Timeout_of_grpc_means_nothing_in_the_connect_protocol()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http1, Say))
        { Content = new StringContent("""{"text":"x"}""", Encoding.UTF8, "application/json"), Headers = { { "grpc-timeout", "soon" } } };
        using HttpResponseMessage response = await server.Web.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("x", JsonNode.Parse(await response.Content.ReadAsStringAsync())!["text"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("grpc-timeout", "soon", StatusCode.Internal)]
    [InlineData("grpc-timeout", "123456789S", StatusCode.Internal)]
    [InlineData("grpc-timeout", "5x", StatusCode.Internal)]
    [InlineData("grpc-timeout", "0m", StatusCode.DeadlineExceeded)]
    public async Task Headers_that_cannot_be_read_have_a_status(string name, string value, StatusCode expected) =>
        Assert.Equal(expected, (await GrpcAsync(Frame(0, new SayRequest { DelayMs = 1000 }.ToByteArray()), (name, value))).Status);

    [Fact]
    public async Task Compression_that_is_not_known_has_a_status() =>
        Assert.Equal(StatusCode.Unimplemented,
        (await GrpcAsync(Frame(1, new SayRequest { Text = "x" }.ToByteArray()), ("grpc-encoding", "br"))).Status);

    [Theory]
    [InlineData("application/json", 501, """{"code":"unimplemented","message":"There is no method /echo.v1.EchoService/Shout."}""")]
    [InlineData("application/connect+json", 200,
        """{"error":{"code":"unimplemented","message":"There is no method /echo.v1.EchoService/Shout."}}""")]
    public async Task Unknown_method_is_unimplemented_for_connect_too(string type, int status, string expected)
    {
        HttpResponseMessage answer = await PostAsync("echo.v1.EchoService/Shout", type, []);

        Assert.Equal((status, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.EndsWith(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("echo.v1.Nobody/Shout", type, [])).StatusCode);
    }

    [Fact]
    public async Task Unknown_method_is_unimplemented()
    {
        (StatusCode status, string message) = await GrpcAsync([], path: "echo.v1.EchoService/Shout");
        Assert.Equal((StatusCode.Unimplemented, "There is no method /echo.v1.EchoService/Shout."),
            (status, Uri.UnescapeDataString(message)));
    }

    [Fact]
    public async Task Compressed_message_that_explodes_is_refused_before_it_does()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 200; i++)
                gzip.Write(zeros);
        }
        long before = GC.GetTotalAllocatedBytes();
        (StatusCode status, _) = await GrpcAsync(Frame(1, compressed.ToArray()), ("grpc-encoding", "gzip"));

        Assert.Equal(StatusCode.ResourceExhausted, status);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 20 * EchoServer.MaxMessage);
    }

    [Fact]
    public async Task Compressed_message_is_taken()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(new SayRequest { Text = "small" }.ToByteArray());
        Assert.Equal(StatusCode.OK, (await GrpcAsync(Frame(1, compressed.ToArray()), ("grpc-encoding", "gzip"))).Status);
    }

    private async Task<(StatusCode Status, string Message)> GrpcAsync(byte[] body, (string Name, string Value)? header = null,
        string path = Say)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http2, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        if (header is { } added)
            request.Headers.Add(added.Name, added.Value);
        HttpResponseMessage response = await server.Web.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsByteArrayAsync();
        HttpResponseHeaders fields = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        string message = fields.TryGetValues("grpc-message", out IEnumerable<string>? values) ? values.Single() : "";
        return ((StatusCode)int.Parse(fields.GetValues("grpc-status").Single(), System.Globalization.CultureInfo.InvariantCulture),
            message);
    }

    /// <summary>The answer is wanted in the form of the request, as grpc-web asks for it.</summary>
    private Task<HttpResponseMessage> PostAsync(string path, string type, byte[] body, string encoding = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http1, path))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue(type) } },
        };
        if (encoding.Length > 0)
            request.Content.Headers.ContentEncoding.Add(encoding);
        return server.Web.SendAsync(request);
    }

    private static byte[] Frame(byte flags, byte[] payload)
    {
        byte[] frame = new byte[5 + payload.Length];
        frame[0] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    private static IEnumerable<(byte Flags, byte[] Payload)> Frames(byte[] body)
    {
        for (int start = 0; start < body.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(start + 1));
            yield return (body[start], body[(start + 5)..(start + 5 + length)]);
            start += 5 + length;
        }
    }

    /// <summary>Each flush of the server's is base64 of its own, with its own padding.</summary>
    private static byte[] FromBase64Chunks(string text)
    {
        List<byte> bytes = [];
        for (int i = 0; i < text.Length; i += 4)
            bytes.AddRange(Convert.FromBase64String(text[i..(i + 4)]));
        return [.. bytes];
    }
}
