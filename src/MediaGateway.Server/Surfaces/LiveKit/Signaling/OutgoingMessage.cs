using System.Net.WebSockets;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <param name="Payload">The encoded message.</param>
/// <param name="Type">Whether it is JSON or protobuf.</param>
internal readonly record struct OutgoingMessage(byte[] Payload, WebSocketMessageType Type);
