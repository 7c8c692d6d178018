using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Operations;

/// <param name="Participant">To ask for more.</param>
/// <param name="Room">The room at that moment.</param>
/// <param name="Info">The participant at that moment.</param>
/// <param name="Others">Whom it sees, at that moment; what changes after it reaches the observer.</param>
internal sealed record JoinedRoom(IRoomParticipant Participant, RoomInfo Room, ParticipantInfo Info,
    ImmutableArray<ParticipantInfo> Others);
