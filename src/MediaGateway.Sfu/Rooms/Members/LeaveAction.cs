namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>What a client has to do after its signaling has ended.</summary>
public enum LeaveAction
{
    /// <summary>Do nothing: it is out of the room.</summary>
    Disconnect,

    /// <summary>Connect signaling again and keep the media.</summary>
    Resume,

    /// <summary>Join anew.</summary>
    Reconnect,
}
