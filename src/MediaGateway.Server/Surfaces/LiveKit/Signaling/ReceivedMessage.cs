namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <param name="Kind">What came.</param>
/// <param name="Payload">The message; valid until the next one is read.</param>
internal readonly record struct ReceivedMessage(ReceivedKind Kind, ReadOnlyMemory<byte> Payload);
