using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Hosting;

/// <summary>Tests of where the control API is served, and of how often one source may call it.</summary>
public sealed class ControlListenerTests
{
    private const string Connect = "/mediagateway.v1.RoomService/ListRooms";
    private const string Twirp = "/twirp/livekit.RoomService/ListRooms";

    private static string Director =>
        TestGateway.Token(new TokenRequest("director", "", false, false, TimeSpan.FromHours(1)) { NodeAdmin = true });

    [Fact]
    public async Task Control_api_is_served_at_its_own_listeners_alone_when_it_is_not_public()
    {
        await using ControlGateway gateway =
            await ControlGateway.StartAsync(("Control:Public", "false"), ("Control:WebListen", "127.0.0.1:0"));

        foreach (string path in (string[])[Connect, Twirp])
        {
            Assert.Equal(HttpStatusCode.NotFound, await PostAsync(gateway.Urls[0], path, Director));
            Assert.Equal(HttpStatusCode.OK, await PostAsync(gateway.Urls[2], path, Director));
        }
        Assert.Empty((await gateway.Rooms.ListRoomsAsync(new ListRoomsRequest(), ControlGateway.Admin)).Rooms);
    }

    [Fact]
    public async Task Source_that_calls_too_often_is_refused_before_its_token_is_looked_at()
    {
        await using ControlGateway gateway =
            await ControlGateway.StartAsync(("Control:CallBurstPerSource", "3"), ("Control:CallsPerSecondPerSource", "1"));

        foreach (string path in (string[])[Connect, Twirp])
        {
            List<HttpStatusCode> statuses = [];
            for (int call = 0; call < 20; call++)
                statuses.Add(await PostAsync(gateway.Urls[0], path, "nonsense"));
            Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        }
    }

    private static async Task<HttpStatusCode> PostAsync(string url, string path, string token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, url + path)
        { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
