using System.Net;
using MediaGateway.Rtc.Negotiation;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Telemetry;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Server.Node;

/// <summary>A WHIP or WHEP session: the HTTP resource, and the peer behind it.</summary>
/// <param name="Id">Its unguessable id.</param>
/// <param name="Peer">The peer on the worker.</param>
/// <param name="Worker">The worker it lives on.</param>
/// <param name="Source">Where it was opened from: an IPv4 address or an IPv6 /64.</param>
/// <param name="Negotiated">The outcome of offer and answer; replaced by an ICE restart.</param>
/// <param name="Info">What signaling may know.</param>
internal sealed record MediaSession(
    SessionId Id, PeerId Peer, WorkerHandle Worker, IPAddress Source, NegotiatedSession Negotiated, SessionInfo Info)
{
    public bool IsConnected { get; init; }

    /// <summary>The join that telemetry follows until the session is connected; null when it follows none.</summary>
    public Join? Join { get; init; }
}
