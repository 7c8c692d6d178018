namespace MediaGateway.Server.Contracts;

/// <summary>A caller of the control API broke the contract, or asked for what cannot be had now.</summary>
/// <param name="error">Which way.</param>
/// <param name="message">What is wrong, and what to do about it. Never a secret.</param>
internal sealed class ControlException(ControlError error, string message) : Exception(message)
{
    public ControlError Error { get; } = error;

    public static ControlException Invalid(string message) => new(ControlError.InvalidArgument, message);

    public static ControlException RoomNotFound(string room) => new(ControlError.NotFound, $"There is no room {room}.");

    public static ControlException ParticipantNotFound(string room, string identity) => new(ControlError.NotFound, $"There is no participant {identity} in the room {room}.");

    /// <summary>A remote member has nothing to command: what it is, it is in its own room.</summary>
    public static ControlException OnlyShown(string identity, string room, string origin) =>
        new(ControlError.FailedPrecondition, $"{identity} is only shown in {room}: ask for it in {origin}.");

    public static ControlException TrackNotFound(string room, string track) => new(ControlError.NotFound, $"There is no track {track} in the room {room}.");

    /// <summary>Media does not cross from one worker to another.</summary>
    public static ControlException AnotherWorker(string name, string from) => new(
        ControlError.FailedPrecondition,
        $"{from} lives on another media worker than {name}, and media does not cross between them: use another name, or run the gateway with Media:Workers=1.");

    public static ControlException StreamNotFound(string stream) => new(ControlError.NotFound, $"There is no live stream {stream}.");
}
