using System.Net.WebSockets;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Background;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Notifications;
using DisconnectReason = MediaGateway.Sfu.Rooms.Members.DisconnectReason;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Runs the signaling of participants over their WebSockets, one session each.</summary>
internal sealed class SignalingSessions(
    ApiKeys keys,
    Readiness readiness,
    SignalInterruptions interruptions,
    SignalingMetrics metrics,
    SignalingOptions options,
    Supervisor supervisor,
    ILogger<SignalingSessions> logger)
{
    private readonly MessageMemory _memory = MessageMemory.OfMachine();

    private static readonly string[] EndNames = Enum.GetNames<SignalEnd>();

    private static readonly TimeSpan WebSocketPingInterval = TimeSpan.FromSeconds(10);

    /// <summary>Time for the answer to such a ping.</summary>
    private static readonly TimeSpan WebSocketPingTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Serves a participant until its client, or the gateway, ends the session.</summary>
    /// <param name="context">The request for the WebSocket.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="participant">The client's participant.</param>
    /// <param name="outbox">Gets what the participant is told, and has its greeting.</param>
    public async Task ServeAsync(HttpContext context, AdmittedClient client, IRoomParticipant participant, SignalOutbox outbox)
    {
        JoinParameters parameters = client.Parameters;
        metrics.Opened(resumed: parameters.IsReconnect);
        SignalEnd end = SignalEnd.ClosedByClient;
        try
        {
            using WebSocket socket = await AcceptAsync(context);
            using CancellationTokenRegistration stopped = supervisor.OnCancelled(
                "end of a WebSocket", () => outbox.End(SignalEnd.Stopped), readiness.Drained);
            using TokenRefresh refresh = new(client.Token, keys, outbox, supervisor);
            SignalSimulation simulation = new(participant, outbox, interruptions, supervisor);
            SignalRequestHandler handler = new(participant, outbox, simulation, parameters.Protocol, supervisor.Clock);
            SignalingSession session = new(socket, outbox, handler, options, _memory, supervisor)
            { ExpectsPings = !parameters.IsPlainPage };
            end = await session.RunAsync(parameters.FirstRequests);
        }
        finally
        {
            metrics.Ended(EndNames[(int)end]);
            logger.SignalingEnded(end);
            await participant.OnSignalLostAsync(outbox);
        }
    }

    /// <summary>Nobody is there to be resumed: the client's first message tells it to join anew.</summary>
    public async Task RefuseResumeAsync(HttpContext context, SignalOutbox outbox)
    {
        using WebSocket socket = await AcceptAsync(context);
        using SignalReader reader = new(socket, options.MaxMessageBytes, _memory);
        outbox.OnNotification(new RoomNotification.Left(DisconnectReason.StateMismatch, LeaveAction.Reconnect));
        await SignalingSession.CloseAsync(socket, Task.WhenAll(outbox.RunAsync(socket), reader.DrainAsync().AsTask()), supervisor);
    }

    private static Task<WebSocket> AcceptAsync(HttpContext context) => context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
    {
        KeepAliveInterval = WebSocketPingInterval,
        KeepAliveTimeout = WebSocketPingTimeout,
    });
}
