using MediaGateway.Server.Contracts;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Operations;

/// <summary>
/// Rooms as signaling uses them. Callable from any thread; each task completes on the pool once the worker that owns
/// the room has done the work. What a participant is told goes to its observer, on the worker's thread.
/// </summary>
internal interface IRooms
{
    /// <summary>Tells whether somebody may join a room of this name now, without joining it.</summary>
    /// <exception cref="ContractException">RoomNotFound.</exception>
    public Task RequireJoinableAsync(RoomName room, bool mayCreate, CancellationToken cancellationToken);

    /// <summary>Takes a participant in. An earlier one of the same identity is out from then on.</summary>
    /// <exception cref="ContractException">RoomNotFound, AtCapacity or Draining.</exception>
    public Task<JoinedRoom> JoinAsync(RoomName room, bool mayCreate, ParticipantOptions options, IParticipantObserver observer);

    /// <summary>
    /// Gives a participant's signaling to another observer. Null when the room has no participant of this identity, or
    /// the sid, if given, is not its.
    /// </summary>
    public Task<ResumedParticipant?> ResumeAsync(RoomName room, ParticipantIdentity identity, ParticipantSid? sid,
        IParticipantObserver observer);

    /// <summary>Takes nobody in, tells everybody to join elsewhere, and completes when all are gone.</summary>
    /// <param name="graceEnded">Fires when waiting any longer is not wanted.</param>
    public Task DrainAsync(CancellationToken graceEnded);
}
