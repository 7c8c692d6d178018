namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Action that a client has to take after its signaling has ended.</summary>
public enum LeaveAction
{
    /// <summary>Do nothing: it is out of the room.</summary>
    Disconnect,

    /// <summary>Connect signaling again and keep the media.</summary>
    Resume,

    /// <summary>Join anew.</summary>
    Reconnect,
}
