namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

internal enum ReceivedKind
{
    Binary,
    Text,
    TooLarge,

    /// <summary>It is within the limit, and there is no memory for it now.</summary>
    NoRoom,

    /// <summary>The client has closed, or the connection is gone.</summary>
    Closed,
}
