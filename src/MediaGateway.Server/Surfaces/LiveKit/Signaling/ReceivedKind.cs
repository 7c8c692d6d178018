namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

internal enum ReceivedKind
{
    Binary,
    Text,
    TooLarge,

    /// <summary>The client has closed, or the connection is gone.</summary>
    Closed,
}
