using MediaGateway.Sfu.Allocation;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Numbers of a participant's line at one moment.</summary>
/// <param name="Identity">Identity of the participant.</param>
/// <param name="Line">The numbers.</param>
/// <param name="LargestHeight">
/// Height of the largest picture that is sent over it, pixels, as publishers declared their layers; 0 when none is, or none did.
/// </param>
public sealed record ParticipantLine(string Identity, LineStats Line, int LargestHeight);
