using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using MediaGateway.LoadTester.Targets;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MediaGateway.LoadTester.Servers;

/// <summary>
/// Our gateway as it ships, a process of its own on free ports of 127.0.0.1, reached by WHIP and WHEP, and for rooms by its signaling.
/// </summary>
internal sealed class GatewayServer : IServerUnderTest
{
    private const string ApiKey = "loadtest";

    /// <summary>
    /// Limits for each source, raised: the usual ones are meant for the world, not for a thousand viewers at one address.
    /// </summary>
    private static readonly (string Key, string Value)[] Limits =
    [
        ("Limits__HttpRequestsPerSecondPerSource", "1000000"),
        ("Limits__HttpBurstPerSource", "1000000"),
        ("Limits__MaxHalfOpenPeers", "10000"),
        ("Limits__MaxHalfOpenPeersPerSource", "10000"),
        ("Limits__MaxPeers", "100000"),
        ("Limits__MaxViewersPerStream", "100000"),
        ("Rooms__MaxParticipantsPerRoom", "5000"),
        ("Logging__LogLevel__Default", "Warning"),
    ];

    private readonly ServerProcess _process;
    private readonly HttpClient _http;
    private readonly Uri _control;
    private readonly SigningCredentials _signing;

    private GatewayServer(ServerProcess process, HttpClient http, SigningCredentials signing, Uri control, string name)
    {
        _process = process;
        _http = http;
        _signing = signing;
        _control = control;
        Name = name;
    }

    public string Name { get; }

    public int ProcessId => _process.Id;

    public Uri Address => _http.BaseAddress!;

    /// <summary>Address of the signaling for participants.</summary>
    public Uri SignalAddress => new UriBuilder(Address) { Scheme = Address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;

    /// <summary>The last of what it has logged, warnings and worse.</summary>
    public string Log => _process.Log;

    /// <summary>All lines that it has logged.</summary>
    public IReadOnlyList<string> LogLines => _process.Lines;

    /// <summary>Address of the control API, which is HTTP/2.</summary>
    public Uri ControlAddress => _control;

    /// <summary>Reads the gateway's state by the control API.</summary>
    public async Task<ServerState> ReadStateAsync(CancellationToken cancellation)
    {
        using GatewayControl control = OpenControl();
        return await control.ReadStateAsync(cancellation);
    }

    /// <summary>The control API, for somebody who may do everything.</summary>
    public GatewayControl OpenControl() => new(_control, SignToken("", "load-tester", "nodeAdmin"));

    /// <param name="executable">The published <c>mediagateway</c>.</param>
    /// <param name="name">What it is called in tables.</param>
    /// <param name="settings">Further settings, <c>Section:Key</c> to value.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<GatewayServer> StartAsync(string executable, string name, IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellation)
    {
        if (!File.Exists(executable))
            throw new InvalidOperationException(
                $"{executable} is missing: publish the gateway first (make publish), or name it with --gateway.");
        byte[] secret = Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        int port = FreePorts.Tcp();
        string control = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePorts.Tcp()}");
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["MEDIAGATEWAY__Http__Listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ["MEDIAGATEWAY__Control__Listen"] = control,
            ["MEDIAGATEWAY__Media__Port"] = "0",
            ["MEDIAGATEWAY__Media__BindAddresses__0"] = "127.0.0.1",
            [$"MEDIAGATEWAY__Auth__Keys__{ApiKey}"] = Encoding.ASCII.GetString(secret),
        };
        foreach ((string key, string value) in Limits)
            environment["MEDIAGATEWAY__" + key] = value;
        foreach ((string key, string value) in settings)
            environment["MEDIAGATEWAY__" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        ServerProcess process = ServerProcess.Start(executable, [], environment);
        string scheme = settings.ContainsKey("Tls:CertificateFile") ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = OwnCertificate.IsTrusted } };
        var http = new HttpClient(handler) { BaseAddress = new Uri($"{scheme}://127.0.0.1:{port}") };
        var server = new GatewayServer(process, http,
            new SigningCredentials(new SymmetricSecurityKey(secret), SecurityAlgorithms.HmacSha256), new Uri($"{scheme}://{control}"),
            name);
        try
        {
            await process.WaitUntilAsync(server.IsReadyAsync, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task<string> PublishAsync(string stream, string offer, CancellationToken cancellation) =>
        PostAsync("/whip/", stream, "canPublish", offer, cancellation);

    public async Task WatchAsync(string stream, IViewerNegotiation viewer, CancellationToken cancellation) =>
        viewer.AcceptAnswer(await PostAsync("/whep/", stream, "canSubscribe", viewer.CreateOffer(), cancellation));

    /// <summary>A token for a room or stream, as a back end would sign it.</summary>
    public string SignToken(string room, string identity, params string[] grants)
    {
        Dictionary<string, object> video = new() { ["room"] = room, ["roomJoin"] = true, ["canPublish"] = false, ["canSubscribe"] = false };
        foreach (string grant in grants)
            video[grant] = true;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = ApiKey,
            Expires = DateTime.UtcNow.AddHours(6),
            Claims = new Dictionary<string, object> { ["sub"] = identity, ["video"] = video },
            SigningCredentials = _signing,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<string> PostAsync(string path, string stream, string grant, string offer, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path + stream)
        { Content = new StringContent(offer, MediaTypeHeaderValue.Parse("application/sdp")) };
        request.Headers.Authorization =
            new AuthenticationHeaderValue("Bearer", SignToken(stream, "load-" + Guid.NewGuid().ToString("N"), grant));
        using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode ? body
            : throw new InvalidOperationException($"{path}{stream} answered {(int)response.StatusCode}: {body}");
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync("/readyz");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
