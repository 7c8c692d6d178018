namespace MediaGateway.Server.Contracts;

/// <summary>Why a signaling connection ended.</summary>
internal enum SignalEnd
{
    None,

    /// <summary>The participant is out of the room, by its own wish or the gateway's; or it could not be resumed.</summary>
    Left,

    /// <summary>Another connection has resumed the participant.</summary>
    Superseded,

    /// <summary>The client asked for an interruption, to test itself.</summary>
    Simulated,

    /// <summary>The client closed it or went away.</summary>
    ClosedByClient,

    /// <summary>The gateway has stopped.</summary>
    Stopped,

    Malformed,
    TooLarge,

    /// <summary>Messages that have begun and not ended hold as much memory as they may, all clients together.</summary>
    NoRoom,
    RateLimited,

    /// <summary>The client does not read what it is sent.</summary>
    TooSlow,

    /// <summary>A client that should send pings stopped to.</summary>
    Silent,
}
