namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>
/// Reason why a member left the room; every end has exactly one. The names are LiveKit's, as far as they can happen here.
/// </summary>
public enum DisconnectReason
{
    None,

    /// <summary>The client said goodbye.</summary>
    ClientInitiated,

    /// <summary>Somebody joined under the same identity.</summary>
    DuplicateIdentity,

    ServerShutdown,

    /// <summary>Removed through the control API.</summary>
    ParticipantRemoved,

    /// <summary>The room was deleted through the control API.</summary>
    RoomDeleted,

    /// <summary>The client's state after a break does not match the room's; it has to join anew.</summary>
    StateMismatch,

    /// <summary>Media never connected.</summary>
    JoinFailure,

    /// <summary>Signaling ended before media was connected, or stayed away.</summary>
    SignalClose,

    /// <summary>The media connection went silent, or the client fell too far behind with reliable data.</summary>
    ConnectionTimeout,

    /// <summary>The media connection failed or was closed by the client's side.</summary>
    MediaFailure,

    /// <summary>A bug was hit while the member was handled.</summary>
    InternalError,

    /// <summary>Sent to another room through the control API.</summary>
    Moved,
}
