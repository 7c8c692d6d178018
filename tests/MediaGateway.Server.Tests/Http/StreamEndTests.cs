using System.Net;
using System.Net.Http.Headers;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Http;

/// <summary>Bodies over HTTP/2 that are refused before their end.</summary>
public sealed class StreamEndTests
{
    [Theory]
    [InlineData("/whip/stage", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/whep/stage", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/twirp/livekit.RoomService/CreateRoom", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/mediagateway.v1.RoomService/CreateRoom", HttpStatusCode.TooManyRequests)]
    public async Task Each_has_its_answer_and_the_connection_lasts(string path, HttpStatusCode status)
    {
        await using ControlGateway gateway = await ControlGateway.StartAsync(
            ("Control:MaxMessageBytes", "65536"), ("Limits:HttpBurstPerSource", "10000"));
        int connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                connections++;
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);
        // More than the resets for which Kestrel would close the connection.
        for (int i = 0; i < 100; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(gateway.ControlUrl), path))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(new byte[1024 * 1024]),
            };
            request.Content.Headers.ContentType =
                new MediaTypeHeaderValue(path.StartsWith("/wh", StringComparison.Ordinal) ? "application/sdp" : "application/json");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestGateway.Token());
            using HttpResponseMessage response = await client.SendAsync(request);

            Assert.Equal(status, response.StatusCode);
        }
        Assert.Equal(1, connections);
    }
}
