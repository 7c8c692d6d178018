using System.Collections.Immutable;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>The answer to a wish to join: on success who it is now and whom it meets.</summary>
/// <param name="Result">Everything below is set when this is <see cref="JoinResult.Joined"/>.</param>
/// <param name="Participant">To be touched on the worker's thread alone.</param>
/// <param name="Room">The room as joined.</param>
/// <param name="Info">The participant as joined.</param>
/// <param name="Others">Those it may know of.</param>
public sealed record JoinOutcome(
    JoinResult Result, Participant? Participant, RoomInfo? Room, ParticipantInfo? Info, ImmutableArray<ParticipantInfo> Others)
{
    public static JoinOutcome Refused(JoinResult result) => new(result, null, null, null, []);
}
