namespace MediaGateway.Sfu.Rooms;

/// <summary>Whether somebody was let into a room.</summary>
public enum JoinResult
{
    Joined,

    /// <summary>There is no room of this name, and it may not be made by joining.</summary>
    RoomNotFound,
    RoomFull,
    TooManyRooms,
    TooManyPeers,

    /// <summary>The worker is stopping.</summary>
    Draining,
}
