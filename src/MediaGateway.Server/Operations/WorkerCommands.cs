using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Node;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Operations;

/// <summary>Runs commands on the worker that a room or stream lives on. Each returns once what it changed is in the event log.</summary>
internal sealed class WorkerCommands(WorkerPool workers, NodeEvents events)
{
    /// <summary>Tells whether what has these names lives on one worker: media does not cross from one to another.</summary>
    public bool AreNeighbours(string one, string other) => workers.Of(one) == workers.Of(other);

    /// <summary>Runs a command on the worker of a room or stream.</summary>
    public async Task<T> OnWorkerAsync<T>(string name, Func<MediaWorker, MonotonicTime, T> command)
    {
        T result = await workers.Of(name).InvokeAsync(command);
        await events.CaughtUpAsync();
        return result;
    }

    /// <exception cref="ContractException">NotFound.</exception>
    public Task<T> OnRoomAsync<T>(string name, Func<Room, MonotonicTime, T> command) => OnWorkerAsync(name, (worker, now) =>
        command(worker.Rooms.Find(name) ?? throw Refusal.RoomNotFound(name), now));

    /// <exception cref="ContractException">NotFound.</exception>
    public Task OnRoomAsync(string name, Action<Room, MonotonicTime> command) => OnRoomAsync(name, (room, now) =>
    {
        command(room, now);
        return true;
    });

    /// <exception cref="ContractException">NotFound.</exception>
    public Task<T> OnMemberAsync<T>(string room, string identity, Func<RoomMember, MonotonicTime, T> command) =>
        OnRoomAsync(room, (found, now) =>
        command(found.Find(identity) ?? throw Refusal.ParticipantNotFound(room, identity), now));

    /// <exception cref="ContractException">NotFound.</exception>
    public Task OnMemberAsync(string room, string identity, Action<RoomMember, MonotonicTime> command) =>
        OnMemberAsync(room, identity, (member, now) =>
    {
        command(member, now);
        return true;
    });

    /// <exception cref="ContractException">NotFound; FailedPrecondition for somebody who is only shown in the room.</exception>
    public Task<T> OnParticipantAsync<T>(string room, string identity, Func<Participant, MonotonicTime, T> command) =>
        OnMemberAsync(room, identity, (member, now) => command(RequireParticipant(member), now));

    /// <exception cref="ContractException">NotFound; FailedPrecondition for somebody who is only shown in the room.</exception>
    public Task OnParticipantAsync(string room, string identity, Action<Participant, MonotonicTime> command) =>
        OnMemberAsync(room, identity, (member, now) => command(RequireParticipant(member), now));

    /// <exception cref="ContractException">NotFound.</exception>
    public Task<T> OnStreamAsync<T>(string name, Func<MediaWorker, LiveStream, MonotonicTime, T> command) =>
        OnWorkerAsync(name, (worker, now) =>
        command(worker, worker.LiveStreams.Find(name) ?? throw Refusal.StreamNotFound(name), now));

    /// <exception cref="ContractException">FailedPrecondition: the member is only shown in the room.</exception>
    public static Participant RequireParticipant(RoomMember member) => member switch
    {
        Participant participant => participant,
        RemoteMember shown => throw Refusal.OnlyShown(shown.Identity, shown.Room.Name, shown.Origin.Room.Name),
        _ => throw Refusal.ParticipantNotFound(member.Room.Name, member.Identity),
    };
}
