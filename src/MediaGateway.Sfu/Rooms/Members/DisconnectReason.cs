namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Why a participant left the room: every end has exactly one. LiveKit's names, so far as they can happen here.</summary>
public enum DisconnectReason
{
    None,

    /// <summary>It said so.</summary>
    ClientInitiated,

    /// <summary>Someone joined under the same identity.</summary>
    DuplicateIdentity,

    ServerShutdown,

    /// <summary>Removed through the control API.</summary>
    ParticipantRemoved,

    /// <summary>The room was deleted through the control API.</summary>
    RoomDeleted,

    /// <summary>What the client says after a break does not fit what the room knows; it has to join anew.</summary>
    StateMismatch,

    /// <summary>Its media never connected.</summary>
    JoinFailure,

    /// <summary>Signaling ended before media was connected, or stayed away.</summary>
    SignalClose,

    /// <summary>Its media connection went silent, or it fell too far behind with reliable data.</summary>
    ConnectionTimeout,

    /// <summary>Its media connection failed or was closed by the client's side.</summary>
    MediaFailure,

    /// <summary>A bug was hit while it was handled.</summary>
    InternalError,

    /// <summary>Sent to another room through the control API.</summary>
    Moved,
}
