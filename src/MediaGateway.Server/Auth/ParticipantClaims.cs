using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Auth;

/// <summary>Claims of a token about its bearer, for the others in the room.</summary>
internal sealed record ParticipantClaims
{
    public string Name { get; init; } = "";

    public string Metadata { get; init; } = "";

    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ParticipantKind Kind { get; init; }
}
