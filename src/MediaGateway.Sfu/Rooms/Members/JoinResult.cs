namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Outcome of a request to join a room.</summary>
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
