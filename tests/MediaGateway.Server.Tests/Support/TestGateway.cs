using System.Net.Http.Headers;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Hosting;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MediaGateway.Server.Tests.Support;

/// <summary>The whole server on a free loopback port, over the fake media node.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public const string Key = "APItest";

    public const string Secret = "a-test-secret-of-more-than-thirty-two-bytes";

    public const string Offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private TestGateway(WebApplication app, FakeLiveStreams streams, FakeRooms rooms)
    {
        App = app;
        Streams = streams;
        Rooms = rooms;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }

    public FakeLiveStreams Streams { get; }

    public FakeRooms Rooms { get; }

    public HttpClient Client { get; }

    public static Task<TestGateway> StartAsync(params (string Key, string Value)[] settings) => StartAsync("Production", settings);

    public static Task<TestGateway> StartAsync(string environment, params (string Key, string Value)[] settings)
        => StartAsync(environment, TimeProvider.System, settings);

    public static async Task<TestGateway> StartAsync(string environment, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("Http:Listen", "127.0.0.1:0"),
                new("Control:Listen", "none"),
                new("Auth:Keys:" + Key, Secret),
                new("Limits:HttpBurstPerSource", "10000"),
                new("Logging:LogLevel:Default", "None"),
            ])
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)))
            .Build();
        bool valid = OptionsLoader.TryLoad(
            configuration, environment == "Development", out GatewayOptions? options, out IReadOnlyList<OptionsError> errors);
        Assert.True(valid, string.Join('\n', errors));
        FakeLiveStreams streams = new();
        FakeRooms rooms = new();
        WebApplication app = GatewayHost.Build(
            options!,
            configuration,
            environment,
            services => services.AddSingleton<ILiveStreams>(streams).AddSingleton<IRooms>(rooms).AddSingleton(clock));
        await app.StartAsync();
        return new TestGateway(app, streams, rooms);
    }

    public static string Token(
        string room = "stage", string identity = "alice", bool publish = true, bool subscribe = true, int validForSeconds = 60)
        => TokenIssuer.Issue(
            Key, Secret, new TokenRequest(identity, room, publish, subscribe, TimeSpan.FromSeconds(validForSeconds)),
            DateTimeOffset.UtcNow);

    public static string Token(TokenRequest request) => TokenIssuer.Issue(Key, Secret, request, DateTimeOffset.UtcNow);

    public Task<HttpResponseMessage> PublishAsync(string stream = "stage", string? token = null)
        => Client.SendAsync(Post("/whip/" + stream, token ?? Token(stream)));

    public Task<HttpResponseMessage> WatchAsync(string stream = "stage", string? token = null)
        => Client.SendAsync(Post("/whep/" + stream, token ?? Token(stream)));

    public static HttpRequestMessage Post(string path, string? token, string body = Offer, string contentType = "application/sdp")
        => Request(HttpMethod.Post, path, token, body, contentType);

    public static HttpRequestMessage Patch(
        Uri? path,
        string? token,
        string? ifMatch,
        string body = "a=ice-ufrag:abcd\r\n",
        string contentType = "application/trickle-ice-sdpfrag")
    {
        HttpRequestMessage request = Request(HttpMethod.Patch, path!.ToString(), token, body, contentType);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return request;
    }

    public static HttpRequestMessage Delete(Uri? path, string? token) => Request(HttpMethod.Delete, path!.ToString(), token);

    public static HttpRequestMessage Request(HttpMethod method, string path, string? token, string? body = null,
        string contentType = "text/plain")
    {
        HttpRequestMessage request = new(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = contentType.Length == 0 ? null : MediaTypeHeaderValue.Parse(contentType);
        }
        return request;
    }

    /// <summary>
    /// Stops it before its services go: what still runs would meet them disposed, and what it has hooked into the process stays.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // Longer than anything takes that ends by itself; connections that a test has left open are cut.
        using var limit = new CancellationTokenSource(StopLimit);
        await App.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await App.DisposeAsync();
    }
}
