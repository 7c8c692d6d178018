namespace MediaGateway.Server.Contracts;

/// <summary>The scopes that say in each line of the log which session or participant it is about.</summary>
internal static class LogScopes
{
    private static readonly Func<ILogger, StreamName, SessionId, IDisposable?> SessionScopeOf =
        LoggerMessage.DefineScope<StreamName, SessionId>("[stream {Stream}] [session {Session}]");

    private static readonly Func<ILogger, RoomName, ParticipantIdentity, IDisposable?> ParticipantScopeOf =
        LoggerMessage.DefineScope<RoomName, ParticipantIdentity>("[room {Room}] [participant {Participant}]");

    public static IDisposable? SessionScope(this ILogger logger, StreamName stream, SessionId session) =>
        SessionScopeOf(logger, stream, session);

    public static IDisposable? ParticipantScope(this ILogger logger, RoomName room, ParticipantIdentity participant)
        => ParticipantScopeOf(logger, room, participant);
}
