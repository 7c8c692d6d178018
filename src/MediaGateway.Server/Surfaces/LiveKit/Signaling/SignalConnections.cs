using System.Net.WebSockets;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Telemetry;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using Microsoft.Net.Http.Headers;
using DisconnectReason = MediaGateway.Sfu.Rooms.Members.DisconnectReason;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Takes clients in. Each request is checked in the same order: is the gateway stopping, who asks, may they, is what they
/// ask for sound. A client that joins is in the room before its WebSocket opens, so that a refusal has an HTTP status.
/// </summary>
internal sealed class SignalConnections(
    IRooms rooms,
    TokenValidator tokens,
    ApiKeys keys,
    Readiness readiness,
    SignalInterruptions interruptions,
    SignalingMetrics metrics,
    Joins joins,
    GatewayOptions options,
    TimeProvider clock,
    ILogger<SignalConnections> logger)
{
    private const string Scheme = "Bearer ";

    private static readonly string[] EndNames = Enum.GetNames<SignalEnd>();

    private static readonly TimeSpan WebSocketPingInterval = TimeSpan.FromSeconds(10);

    /// <summary>Time for the answer to such a ping.</summary>
    private static readonly TimeSpan WebSocketPingTimeout = TimeSpan.FromSeconds(20);

    private readonly JoinParametersReader _parameters = new(options.Signaling.MaxMessageBytes);
    private readonly Greetings _greetings = new(options.IceServers);

    /// <summary>Answers a client that asks, after its WebSocket failed, for the reason.</summary>
    public async Task ValidateAsync(HttpContext context, bool isSingle)
    {
        (AccessToken token, RoomName room, JoinParameters parameters) = await AdmitAsync(context, isSingle);
        if (!parameters.IsReconnect)
            await rooms.RequireJoinableAsync(room, MayCreate(token), context.RequestAborted);
        await SignalEndpoints.WriteAsync(context, StatusCodes.Status200OK, "success");
    }

    public async Task ConnectAsync(HttpContext context, bool isSingle)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw new ContractException(ErrorCode.NotFound, "This address takes WebSockets; ask /validate for the reason of a refusal.");
        long since = joins.Now;
        (AccessToken token, RoomName room, JoinParameters parameters) = await AdmitAsync(context, isSingle);
        using IDisposable? scope = logger.ParticipantScope(room, token.Identity);
        if (parameters.IsReconnect)
            await ResumeAsync(context, token, room, parameters);
        else
            await JoinAsync(context, token, room, parameters, joins.Begin("meeting", since, context.Request.Headers));
    }

    private async Task<(AccessToken Token, RoomName Room, JoinParameters Parameters)> AdmitAsync(HttpContext context, bool isSingle)
    {
        if (readiness.IsDraining)
            throw new ContractException(ErrorCode.Draining, "The gateway is stopping; try another one.");
        AccessToken token = await tokens.VerifyAsync(TokenOf(context.Request));
        RoomName room = token.RequireJoin();
        if (!_parameters.TryRead(context.Request.Query, isSingle, out JoinParameters? parameters, out string? problem))
            throw new ContractException(ErrorCode.InvalidRequest, problem);
        return (token, room, parameters);
    }

    /// <summary>A header wins; browsers cannot set one on a WebSocket, so they put the token into the URL. It is never logged.</summary>
    private static string TokenOf(HttpRequest request)
    {
        string header = request.Headers[HeaderNames.Authorization].ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length)
            return header[Scheme.Length..].Trim();
        string token = request.Query["access_token"].ToString();
        return token.Length > 0
            ? token
            : throw new ContractException(ErrorCode.TokenMissing,
                "Send an access token: Authorization: Bearer TOKEN, or ?access_token=TOKEN.");
    }

    private async Task JoinAsync(HttpContext context, AccessToken token, RoomName room, JoinParameters parameters, Join join)
    {
        SignalOutbox outbox = new(options.Signaling) { AnswersInText = parameters.StartsInJson };
        JoinedRoom joined;
        join.Enter("enter");
        try
        {
            joined = await rooms.JoinAsync(room, MayCreate(token), ParticipantOptionsOf.Join(token, parameters), outbox);
        }
        catch (Exception refusal)
        {
            join.Refused(refusal is ContractException { Code: var code } ? HttpProblems.Kinds[code].Code : "bug");
            throw;
        }
        metrics.Opened(resumed: false);
        logger.ParticipantJoined(joined.Participant.Sid, new RedactedAddress(context.Connection.RemoteIpAddress));
        join.Enter("connect");
        joins.Await(joined.Participant.Sid, join);
        try
        {
            await ServeAsync(context, token, parameters, joined.Participant, outbox, _greetings.Join(joined, parameters));
        }
        finally
        {
            joins.GiveUp(joined.Participant.Sid, "signaling ended");
        }
    }

    private async Task ResumeAsync(HttpContext context, AccessToken token, RoomName room, JoinParameters parameters)
    {
        SignalOutbox outbox = new(options.Signaling) { AnswersInText = parameters.StartsInJson };
        ResumedParticipant? resumed = await rooms.ResumeAsync(room, token.Identity, parameters.ParticipantSid, outbox);
        if (resumed is null)
        {
            await RefuseResumeAsync(context, outbox);
            return;
        }
        metrics.Opened(resumed: true);
        logger.ParticipantResumed(resumed.Participant.Sid);
        SignalInterruption interruption = interruptions.Take(resumed.Participant.Sid);
        if (interruption != SignalInterruption.None)
            outbox.End(SignalEnd.Simulated);
        SignalResponse[] greeting = interruption == SignalInterruption.BeforeMessages ? [] : [_greetings.Reconnect(resumed)];
        await ServeAsync(context, token, parameters, resumed.Participant, outbox, greeting);
    }

    /// <summary>Nobody is there to be resumed: the client's first message tells it to join anew.</summary>
    private async Task RefuseResumeAsync(HttpContext context, SignalOutbox outbox)
    {
        using WebSocket socket = await AcceptAsync(context);
        using SignalReader reader = new(socket, options.Signaling.MaxMessageBytes);
        outbox.OnNotification(new RoomNotification.Left(DisconnectReason.StateMismatch, LeaveAction.Reconnect));
        await SignalingSession.CloseAsync(socket, Task.WhenAll(outbox.RunAsync(socket, []), reader.DrainAsync().AsTask()), clock);
    }

    private async Task ServeAsync(
        HttpContext context,
        AccessToken token,
        JoinParameters parameters,
        IRoomParticipant participant,
        SignalOutbox outbox,
        IReadOnlyList<SignalResponse> greeting)
    {
        SignalEnd end = SignalEnd.ClosedByClient;
        try
        {
            using WebSocket socket = await AcceptAsync(context);
            using CancellationTokenRegistration stopped = readiness.Drained.Register(() => outbox.End(SignalEnd.Stopped));
            using TokenRefresh refresh = new(token, keys, outbox, clock);
            SignalSimulation simulation = new(participant, outbox, interruptions, clock);
            SignalRequestHandler handler = new(participant, outbox, simulation, parameters.Protocol, clock);
            SignalingSession session = new(socket, outbox, handler, options.Signaling, clock) { ExpectsPings = !parameters.IsPlainPage };
            end = await session.RunAsync(greeting, parameters.FirstRequests);
        }
        finally
        {
            metrics.Ended(EndNames[(int)end]);
            logger.SignalingEnded(end);
            await participant.OnSignalLostAsync(outbox);
        }
    }

    private static Task<WebSocket> AcceptAsync(HttpContext context) => context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
    {
        KeepAliveInterval = WebSocketPingInterval,
        KeepAliveTimeout = WebSocketPingTimeout,
    });

    private bool MayCreate(AccessToken token) => options.Rooms.AutoCreate || token.Grant.RoomCreate;
}
