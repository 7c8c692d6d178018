namespace MediaGateway.Server.Auth;

/// <summary>A right that a token may grant its bearer; <see cref="VideoGrant.NodeAdmin"/> grants all of them.</summary>
internal enum Right
{
    /// <summary>Opens and deletes rooms.</summary>
    CreateRooms,

    /// <summary>Sees all rooms and live streams.</summary>
    ListAll,

    /// <summary>Directs one room and its participants.</summary>
    DirectRoom,

    /// <summary>Sends participants into one room, or shows them there.</summary>
    FillRoom,

    /// <summary>Directs one live stream.</summary>
    DirectStream,

    /// <summary>Directs the process.</summary>
    DirectNode,
}
