namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>What a client is to do after its signaling ends.</summary>
public enum LeaveAction
{
    /// <summary>Nothing: it is out.</summary>
    Disconnect,

    /// <summary>Connect signaling again and keep the media.</summary>
    Resume,

    /// <summary>Join anew.</summary>
    Reconnect,
}
