namespace MediaGateway.Server.Contracts;

/// <summary>Refusals that several operations have in common.</summary>
internal static class Refusal
{
    /// <summary>The request cannot be understood; which field is at fault is not one that the request names.</summary>
    public static ContractException Invalid(string message) => new(ErrorCode.InvalidRequest, message);

    /// <param name="field">The field of the request that is at fault, as its .proto file names it.</param>
    /// <param name="message">What it may be.</param>
    public static ContractException Invalid(string field, string message) => new(ErrorCode.InvalidRequest, message) { Field = field };

    public static ContractException NodeNotFound(string node) => new(ErrorCode.NodeNotFound, $"There is no node {node}.");

    public static ContractException RoomNotFound(string room) => new(ErrorCode.RoomNotFound, $"There is no room {room}.");

    public static ContractException ParticipantNotFound(string room, string identity) =>
        new(ErrorCode.ParticipantNotFound, $"There is no participant {identity} in the room {room}.");

    /// <summary>The participant belongs to another room, where this has to be asked.</summary>
    public static ContractException OnlyShown(string identity, string room, string origin) =>
        new(ErrorCode.ParticipantForwarded, $"{identity} is only shown in {room}: ask for it in {origin}.");

    public static ContractException TrackNotFound(string room, string track) =>
        new(ErrorCode.TrackNotFound, $"There is no track {track} in the room {room}.");

    public static ContractException StreamNotFound(string stream) => new(ErrorCode.StreamNotFound, $"There is no live stream {stream}.");

    /// <summary>Media does not cross from one worker to another.</summary>
    public static ContractException AnotherWorker(string name, string from) => new(
        ErrorCode.AnotherWorker,
        $"{from} lives on another media worker than {name}, and media does not cross between them: use another name, or run the gateway "
            + "with Media:Workers=1.");
}
