using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using MediaGateway.V1;

namespace MediaGateway.Client;

/// <summary>
/// The control API of a running gateway: every service with calls that bear a token, refusals as <see cref="GatewayException"/>, and an
/// event stream that resumes by itself. One instance serves a whole program; all members are thread-safe.
/// </summary>
public sealed class GatewayClient : IDisposable
{
    private readonly GatewayClientOptions _options;
    private readonly AccessTokenCache _tokens;
    private readonly GrpcChannel _channel;

    /// <summary>A client with the options' defaults.</summary>
    /// <param name="address">Address of the gateway's control API, http://HOST:PORT or https://HOST:PORT.</param>
    /// <param name="credentials">Source of the access tokens that calls bear.</param>
    public GatewayClient(string address, GatewayCredentials credentials)
        : this(new GatewayClientOptions { Address = new Uri(address), Credentials = credentials })
    {
    }

    /// <summary>A client as the options describe it. It connects with the first call.</summary>
    /// <param name="options">Options; later changes have no effect.</param>
    public GatewayClient(GatewayClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _tokens = new AccessTokenCache(options.Credentials, options.Clock, options.RenewBefore);
        _channel = GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Create(
                options.Address.Scheme == Uri.UriSchemeHttps ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
                CallCredentials.FromInterceptor(AddTokenAsync)),
            // Who gives an http address has a private network, or a proxy that speaks TLS.
            UnsafeUseInsecureChannelCallCredentials = true,
            HttpHandler = options.HttpHandler,
            DisposeHttpClient = false,
            // A snapshot comes in parts, but a page of a thousand entries may be larger than gRPC's usual limit.
            MaxReceiveMessageSize = null,
        });
        CallInvoker calls = _channel.Intercept(new ErrorInterceptor(_tokens));
        Rooms = new RoomService.RoomServiceClient(calls);
        Participants = new ParticipantService.ParticipantServiceClient(calls);
        Tracks = new TrackService.TrackServiceClient(calls);
        LiveStreams = new LiveStreamService.LiveStreamServiceClient(calls);
        Events = new EventService.EventServiceClient(calls);
        Stats = new StatsService.StatsServiceClient(calls);
        Node = new NodeService.NodeServiceClient(calls);
    }

    /// <summary>Rooms: open, list, change, close.</summary>
    public RoomService.RoomServiceClient Rooms { get; }

    /// <summary>Participants of rooms: list, change, mute, move, forward, remove; data packets and tokens to join.</summary>
    public ParticipantService.ParticipantServiceClient Participants { get; }

    /// <summary>Publications and subscriptions, and the limits of what is forwarded.</summary>
    public TrackService.TrackServiceClient Tracks { get; }

    /// <summary>Live streams, their sources, and what is on air.</summary>
    public LiveStreamService.LiveStreamServiceClient LiveStreams { get; }

    /// <summary>Single watches of events, which end with their connection; <see cref="WatchAsync"/> goes on by itself.</summary>
    public EventService.EventServiceClient Events { get; }

    /// <summary>Statistics at an interval of the caller's choice.</summary>
    public StatsService.StatsServiceClient Stats { get; }

    /// <summary>The process: its state, workers, settings, audit log and drain.</summary>
    public NodeService.NodeServiceClient Node { get; }

    /// <summary>
    /// Watches what happens: a snapshot first, then each change once, in order, whatever becomes of the connection. A lost connection is
    /// made again, with growing pauses, behind the last message. A gateway that cannot go on there, because it was started again or the
    /// reader was away too long, sends a new snapshot, whose <see cref="GatewayEvent.Missed"/> says so.
    /// </summary>
    /// <param name="request">What to watch.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="GatewayException">
    /// The gateway refuses the watch and would do so again: a filter or resume token that cannot be read, a missing grant, a token that is
    /// refused though it is new. Also an unreachable gateway, when <see cref="EventWatch.WaitForGateway"/> is false.
    /// </exception>
    public IAsyncEnumerable<GatewayEvent> WatchAsync(EventWatch? request = null, CancellationToken cancellationToken = default) =>
        EventStream.ReadAsync(Events, request ?? new EventWatch(), _options.Clock, cancellationToken);

    /// <summary>Closes the connections. Calls that are under way end with <see cref="StatusCode.Cancelled"/>.</summary>
    public void Dispose()
    {
        _channel.Dispose();
        _tokens.Dispose();
    }

    private async Task AddTokenAsync(AuthInterceptorContext context, Metadata metadata) =>
        metadata.Add("authorization", "Bearer " + await _tokens.GetAsync(context.CancellationToken).ConfigureAwait(false));
}
