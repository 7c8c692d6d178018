using System.Collections.Immutable;

namespace MediaGateway.Sfu.Rooms.Members;

/// <summary>Answer to a request to join: on success the participant, the room and the others in it.</summary>
/// <param name="Result">Whether it was let in; everything below is set when this is <see cref="JoinResult.Joined"/>.</param>
/// <param name="Participant">The participant, to be touched on the worker's thread alone.</param>
/// <param name="Room">The room as joined.</param>
/// <param name="Info">The participant as joined.</param>
/// <param name="Others">The others that it may know of.</param>
public sealed record JoinOutcome(
    JoinResult Result, Participant? Participant, RoomInfo? Room, ParticipantInfo? Info, ImmutableArray<ParticipantInfo> Others)
{
    public static JoinOutcome Refused(JoinResult result) => new(result, null, null, null, []);
}
