using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms;

namespace MediaGateway.Server.Operations;

/// <summary>Options of a room whose creator sets none.</summary>
internal static class RoomDefaults
{
    public static RoomOptions Of(RoomsOptions options) => new()
    {
        EmptyTimeout = TimeSpan.FromSeconds(options.EmptyTimeoutSeconds),
        DepartureTimeout = TimeSpan.FromSeconds(options.DepartureTimeoutSeconds),
        MaxParticipants = options.MaxParticipantsPerRoom,
    };
}
