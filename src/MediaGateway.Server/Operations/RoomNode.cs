using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Server.Options;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Server.Operations;

/// <summary>The node's rooms: finds the worker that a room lives on, and speaks with it there.</summary>
internal sealed class RoomNode(WorkerPool workers, RoomsOptions options) : IRooms
{
    private readonly RoomOptions _defaults = RoomDefaults.Of(options);

    public async Task RequireJoinableAsync(RoomName room, bool mayCreate, CancellationToken cancellationToken)
    {
        if (!mayCreate && !await workers.Of(room.Value).InvokeAsync((media, _) => media.Rooms.Find(room.Value) is not null))
            throw Refused(JoinResult.RoomNotFound);
    }

    public async Task<JoinedRoom> JoinAsync(RoomName room, bool mayCreate, ParticipantOptions participant, IParticipantObserver observer)
    {
        WorkerHandle worker = workers.Of(room.Value);
        JoinOutcome outcome =
            await worker.InvokeAsync((media, now) => media.Rooms.Join(room.Value, mayCreate, participant, _defaults, observer, now));
        if (outcome is not { Result: JoinResult.Joined, Participant: { } joined, Room: { } info, Info: { } self })
            throw Refused(outcome.Result);
        return new JoinedRoom(new RoomParticipant(worker, joined), info, self, outcome.Others);
    }

    public async Task<ResumedParticipant?> ResumeAsync(RoomName room, ParticipantIdentity identity, ParticipantSid? sid,
        IParticipantObserver observer)
    {
        WorkerHandle worker = workers.Of(room.Value);
        return await worker.InvokeAsync((media, now) =>
        {
            if (media.Rooms.Find(room.Value)?.Find(identity.Value) is not Participant participant
                || (sid is { } expected && participant.Sid != expected))
                return null;
            participant.Resume(observer, now);
            return new ResumedParticipant(new RoomParticipant(worker, participant), participant.LastReliableSequence);
        });
    }

    public Task DrainAsync(CancellationToken graceEnded) => workers.DrainAsync().WaitAsync(graceEnded);

    private static ContractException Refused(JoinResult result) => result switch
    {
        JoinResult.RoomNotFound => new ContractException(ErrorCode.RoomNotFound, "requested room does not exist"),
        JoinResult.RoomFull => new ContractException(ErrorCode.RoomFull, "The room has as many participants as it may have."),
        JoinResult.TooManyRooms => new ContractException(ErrorCode.AtCapacity, "The gateway carries as many rooms as it may."),
        JoinResult.Draining => new ContractException(ErrorCode.Draining, "The gateway is stopping; join elsewhere."),
        _ => new ContractException(ErrorCode.AtCapacity, "The gateway carries as many peers as it may."),
    };
}
