using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>
/// Brings admitted clients into rooms, or back into them. A client that joins is in the room before its WebSocket opens, so that a refusal
/// has an HTTP status.
/// </summary>
internal sealed class SignalConnections(
    SignalAdmission admission,
    IRooms rooms,
    SignalingSessions sessions,
    SignalInterruptions interruptions,
    Joins joins,
    GatewayOptions options,
    ILogger<SignalConnections> logger)
{
    private readonly Greetings _greetings = new(options.IceServers);

    /// <summary>Answers a client that asks, after its WebSocket failed, for the reason.</summary>
    public async Task ValidateAsync(HttpContext context, bool isSingle)
    {
        AdmittedClient client = await admission.AdmitAsync(context, isSingle);
        if (!client.Parameters.IsReconnect)
            await rooms.RequireJoinableAsync(client.Room, client.MayCreate, context.RequestAborted);
        await SignalEndpoints.WriteAsync(context, StatusCodes.Status200OK, "success");
    }

    public async Task ConnectAsync(HttpContext context, bool isSingle)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw new ContractException(ErrorCode.NotFound, "This address takes WebSockets; ask /validate for the reason of a refusal.");
        long since = joins.Now;
        AdmittedClient client = await admission.AdmitAsync(context, isSingle);
        using IDisposable? scope = logger.ParticipantScope(client.Room, client.Token.Identity);
        if (client.Parameters.IsReconnect)
            await ResumeAsync(context, client);
        else
            await JoinAsync(context, client, joins.Begin("meeting", since, context.Request.Headers));
    }

    private async Task JoinAsync(HttpContext context, AdmittedClient client, Join join)
    {
        SignalOutbox outbox = new(options.Signaling) { AnswersInText = client.Parameters.StartsInJson };
        JoinedRoom joined;
        join.Enter("enter");
        try
        {
            joined = await rooms.JoinAsync(
                client.Room, client.MayCreate, ParticipantOptionsOf.Join(client.Token, client.Parameters), outbox);
        }
        catch (Exception refusal)
        {
            join.Refused(refusal is ContractException { Code: var code } ? HttpProblems.Kinds[code].Code : "bug");
            throw;
        }
        logger.ParticipantJoined(joined.Participant.Sid, new RedactedAddress(context.Connection.RemoteIpAddress));
        join.Enter("connect");
        // What the client is told of the others is not kept for as long as it stays.
        IRoomParticipant participant = joined.Participant;
        outbox.Greet(_greetings.Join(joined, client.Parameters));
        joins.Await(participant.Sid, join);
        try
        {
            await sessions.ServeAsync(context, client, participant, outbox);
        }
        finally
        {
            joins.GiveUp(participant.Sid, "signaling ended");
        }
    }

    private async Task ResumeAsync(HttpContext context, AdmittedClient client)
    {
        SignalOutbox outbox = new(options.Signaling) { AnswersInText = client.Parameters.StartsInJson };
        ResumedParticipant? resumed =
            await rooms.ResumeAsync(client.Room, client.Token.Identity, client.Parameters.ParticipantSid, outbox);
        if (resumed is null)
        {
            await sessions.RefuseResumeAsync(context, outbox);
            return;
        }
        logger.ParticipantResumed(resumed.Participant.Sid);
        SignalInterruption interruption = interruptions.Take(resumed.Participant.Sid);
        if (interruption != SignalInterruption.None)
            outbox.End(SignalEnd.Simulated);
        if (interruption != SignalInterruption.BeforeMessages)
            outbox.Greet(_greetings.Reconnect(resumed));
        await sessions.ServeAsync(context, client, resumed.Participant, outbox);
    }
}
