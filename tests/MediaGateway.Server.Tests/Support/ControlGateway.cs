using Grpc.Core;
using Grpc.Net.Client;
using MediaGateway.Server.Auth;
using MediaGateway.Server.CommandLine;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Hosting;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MediaGateway.Server.Tests.Support;

/// <summary>The whole server with its real media node, on free loopback ports, and a gRPC client of it.</summary>
internal sealed class ControlGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private ControlGateway(WebApplication app)
    {
        _app = app;
        string[] urls = [.. app.Urls];
        Web = new HttpClient { BaseAddress = new Uri(urls[0]) };
        Urls = urls;
        ControlUrl = urls[1];
        _channel =
            GrpcChannel.ForAddress(ControlUrl, new GrpcChannelOptions { HttpHandler = OwnListener.CreateHandler(app.Configuration) });
        Rooms = new(_channel);
        Participants = new(_channel);
        Tracks = new(_channel);
        LiveStreams = new(_channel);
        Events = new(_channel);
        Stats = new(_channel);
        Node = new(_channel);
    }

    /// <summary>The HTTP/1.1 listener.</summary>
    public HttpClient Web { get; }

    /// <summary>The listeners in the order of the options: HTTP, control, control over HTTP/1.1.</summary>
    public IReadOnlyList<string> Urls { get; }

    public string ControlUrl { get; }

    public ChannelBase Channel => _channel;

    public RoomService.RoomServiceClient Rooms { get; }

    public ParticipantService.ParticipantServiceClient Participants { get; }

    public TrackService.TrackServiceClient Tracks { get; }

    public LiveStreamService.LiveStreamServiceClient LiveStreams { get; }

    public EventService.EventServiceClient Events { get; }

    public StatsService.StatsServiceClient Stats { get; }

    public NodeService.NodeServiceClient Node { get; }

    public IServiceProvider Services => _app.Services;

    public EventLog Told => _app.Services.GetRequiredService<EventLog>();

    /// <summary>Token of whoever may do everything.</summary>
    public static string AdminToken
    { get; } = TestGateway.Token(new TokenRequest("director", "", false, false, TimeSpan.FromHours(1)) { NodeAdmin = true });

    /// <summary>Metadata of whoever may do everything.</summary>
    public static Metadata Admin { get; } = new() { { "authorization", "Bearer " + AdminToken } };

    public static Metadata Bearer(TokenRequest request) => new() { { "authorization", "Bearer " + TestGateway.Token(request) } };

    public static Task<ControlGateway> StartAsync(params (string Key, string Value)[] settings) => StartAsync(logs: null, settings);

    /// <param name="map">Adds endpoints of a test's own.</param>
    public static Task<ControlGateway> StartAsync(Action<WebApplication> map) => StartAsync(null, map, []);

    /// <param name="logs">Gets what is logged; null for nobody.</param>
    /// <param name="settings">Beside those of every test.</param>
    public static Task<ControlGateway> StartAsync(ILoggerProvider? logs, params (string Key, string Value)[] settings) =>
        StartAsync(logs, static _ => { }, settings);

    private static async Task<ControlGateway> StartAsync(
        ILoggerProvider? logs, Action<WebApplication> map, (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("Http:Listen", "127.0.0.1:0"),
                new("Control:Listen", "127.0.0.1:0"),
                new("Control:CallBurst", "1000000"),
                new("Control:CallBurstPerSource", "1000000"),
                new("Media:Port", "0"),
                new("Media:BindAddresses:0", "127.0.0.1"),
                new("Auth:Keys:" + TestGateway.Key, TestGateway.Secret),
                new("Logging:LogLevel:Default", logs is null ? "None" : "Information"),
            ])
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)))
            .Build();
        Assert.True(OptionsLoader.TryLoad(configuration, development: false, out GatewayOptions? options,
            out IReadOnlyList<OptionsError> errors), string.Join('\n', errors));
        WebApplication app = GatewayHost.Build(options!, configuration, "Production", services =>
        {
            services.AddMediaNode();
            if (logs is not null)
                services.RemoveAll<ILoggerProvider>().AddSingleton(logs);
        });
        map(app);
        await app.StartAsync();
        return new ControlGateway(app);
    }

    /// <summary>Lets somebody into a room, opening it, with nothing but signaling.</summary>
    public async Task<JoinedParticipant> JoinAsync(string room, string identity)
    {
        Assert.True(RoomName.TryParse(room, out RoomName name));
        var observer = new RecordingObserver();
        JoinedRoom joined = await _app.Services.GetRequiredService<IRooms>()
            .JoinAsync(name, mayCreate: true, new ParticipantOptions { Identity = identity }, observer);
        await ReachesAsync(state => state.Rooms.TryGetValue(name.Value, out NodeState.RoomState? known)
            && known.Participants.Any(member => member.Sid == joined.Participant.Sid));
        return new JoinedParticipant(joined.Participant, observer);
    }

    /// <summary>Waits until the node's state is so: the workers tell a moment later what clients have done.</summary>
    public async Task ReachesAsync(Predicate<NodeState> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            (NodeState state, long sequence) = Told.Snapshot();
            if (isSo(state))
                return;
            var missed = new List<EventEntry>(1);
            if (Told.TryRead(sequence, missed, out Task changed) && missed.Count == 0)
                await changed.WaitAsync(limit.Token);
        }
    }

    /// <summary>Stops the gateway as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        Web.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
