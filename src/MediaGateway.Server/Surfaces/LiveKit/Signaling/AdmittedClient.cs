using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>A client that may join, or come back to, a room.</summary>
/// <param name="Token">Its verified token.</param>
/// <param name="Room">The room that the token is for.</param>
/// <param name="Parameters">What it asks for.</param>
/// <param name="MayCreate">Whether it may open the room.</param>
internal sealed record AdmittedClient(AccessToken Token, RoomName Room, JoinParameters Parameters, bool MayCreate);
