using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Operations;

/// <summary>A token that a caller wants for somebody who is to join a room.</summary>
/// <param name="Room">The room to join.</param>
/// <param name="Identity">The identity that joins.</param>
/// <param name="Lifetime">How long the token is good; null for an hour.</param>
/// <param name="Name">What the others see instead of the identity; empty for none.</param>
/// <param name="Metadata">The application's own words about the participant.</param>
/// <param name="Attributes">The participant's attributes.</param>
/// <param name="Permissions">What the participant may do.</param>
internal sealed record JoinTokenRequest(
    string Room,
    string Identity,
    TimeSpan? Lifetime,
    string Name,
    string Metadata,
    ImmutableDictionary<string, string> Attributes,
    ParticipantPermissions Permissions);
