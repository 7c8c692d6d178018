using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Operations;

/// <summary>Checks of arguments that several operations take. Each throws a <see cref="ContractException"/>, InvalidArgument.</summary>
internal static class Arguments
{
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromHours(24);

    public static string RequireRoomName(string name) => RoomName.TryParse(name, out _)
        ? name
        : throw new ContractException(ErrorCode.InvalidRoomName,
            $"A room's name has 1 to {RoomName.MaxLength} characters, none of them a control character.");

    public static StreamName RequireStreamName(string name) => StreamName.TryParse(name, out StreamName stream)
        ? stream
        : throw new ContractException(ErrorCode.InvalidStreamName,
            $"A live stream's name has 1 to {StreamName.MaxLength} letters, digits, '-', '.', '_' or '~'.");

    public static string RequireIdentity(string identity) => ParticipantIdentity.TryParse(identity, out _)
        ? identity
        : throw new ContractException(ErrorCode.InvalidIdentity,
            $"An identity has 1 to {ParticipantIdentity.MaxLength} characters, none of them a control character.");

    public static string RequireMetadata(string metadata) => metadata.Length <= Participant.MaxMetadataLength
        ? metadata
        : throw Refusal.Invalid("metadata", $"metadata has {Participant.MaxMetadataLength} characters at most.");

    public static TimeSpan RequireTimeout(TimeSpan timeout, string field) => timeout >= TimeSpan.Zero && timeout <= MaxTimeout
        ? timeout
        : throw Refusal.Invalid(field, $"{field} is 0 to 24 hours.");
}
