using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Operations;

/// <summary>Change that a caller makes to a participant. A null value leaves the old one.</summary>
/// <param name="Name">What the others see instead of the identity.</param>
/// <param name="Metadata">The application's own words about the participant.</param>
/// <param name="Attributes">Attributes to set; one whose value is empty is deleted.</param>
/// <param name="Permissions">What the participant may do from now on.</param>
internal sealed record ParticipantChange(
    string? Name, string? Metadata, IReadOnlyDictionary<string, string> Attributes, ParticipantPermissions? Permissions);
