using System.Collections.Frozen;
using System.Net.WebSockets;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>The one place that maps the end of a connection to its close code and reason (RFC 6455 section 7.4).</summary>
internal static class SignalCloses
{
    public static FrozenDictionary<SignalEnd, (WebSocketCloseStatus Status, string Reason)> All { get; } =
        new Dictionary<SignalEnd, (WebSocketCloseStatus, string)>
        {
            [SignalEnd.Left] = (WebSocketCloseStatus.NormalClosure, "left"),
            [SignalEnd.Superseded] = (WebSocketCloseStatus.NormalClosure, "resumed on another connection"),
            [SignalEnd.Simulated] = (WebSocketCloseStatus.NormalClosure, "simulated"),
            [SignalEnd.ClosedByClient] = (WebSocketCloseStatus.NormalClosure, "closed"),
            [SignalEnd.Stopped] = (WebSocketCloseStatus.EndpointUnavailable, "stopped"),
            [SignalEnd.Malformed] = (WebSocketCloseStatus.InvalidPayloadData, "malformed message"),
            [SignalEnd.TooLarge] = (WebSocketCloseStatus.MessageTooBig, "message too large"),
            // 1013, try again later (IANA's registry of RFC 6455); .NET has no name for it.
            [SignalEnd.NoRoom] = ((WebSocketCloseStatus)1013, "no room for the message"),
            [SignalEnd.RateLimited] = (WebSocketCloseStatus.PolicyViolation, "rate limited"),
            [SignalEnd.TooSlow] = (WebSocketCloseStatus.PolicyViolation, "too slow"),
            [SignalEnd.Silent] = (WebSocketCloseStatus.PolicyViolation, "no ping"),
        }.ToFrozenDictionary();
}
