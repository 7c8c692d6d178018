namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

internal enum ReceivedKind
{
    Binary,
    Text,
    TooLarge,

    /// <summary>A message within the limit for which there is no memory now.</summary>
    NoRoom,

    /// <summary>The client has closed, or the connection is gone.</summary>
    Closed,
}
