namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Whether somebody was let into a room.</summary>
public enum JoinResult
{
    Joined,

    /// <summary>There is no room of this name, and it may not be made by joining.</summary>
    RoomNotFound,
    RoomFull,

    /// <summary>Somebody of this identity is in the room, and does not have to leave.</summary>
    IdentityTaken,
    TooManyRooms,
    TooManyPeers,

    /// <summary>The worker is stopping.</summary>
    Draining,
}
