using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Node;
using MediaGateway.Server.Operations;
using MediaGateway.Sfu.LiveStreams;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Control;

/// <summary>
/// The node as directors see it. Questions are answered from what the workers have told; commands run on the worker that
/// a room or stream lives on, and return once what they changed has been told.
/// </summary>
internal sealed class ControlNode(WorkerPool workers, NodeEvents events, LiveStreamMeter meter, EventLog log)
{
    /// <summary>What there is.</summary>
    public NodeState State => log.Snapshot().State;

    /// <exception cref="ControlException">NotFound.</exception>
    public NodeState.RoomState RoomOf(string name) => State.Rooms.GetValueOrDefault(name) ?? throw ControlException.RoomNotFound(name);

    /// <exception cref="ControlException">NotFound.</exception>
    public ParticipantInfo ParticipantOf(string room, string identity) =>
        RoomOf(room).Participants.Find(participant => participant.Identity == identity) ?? throw ControlException.ParticipantNotFound(room, identity);

    /// <exception cref="ControlException">NotFound.</exception>
    public LiveStreamSnapshot StreamOf(string name) => State.Streams.GetValueOrDefault(name) ?? throw ControlException.StreamNotFound(name);

    /// <summary>Whether what has these names lives on one worker: media does not cross from one to another.</summary>
    public bool AreNeighbours(string one, string other) => workers.Of(one) == workers.Of(other);

    /// <summary>A stream's numbers, of all its viewers; null when there is none of this name.</summary>
    public Task<LiveStreamStats?> MeasureStreamAsync(string name) => meter.MeasureAsync(name);

    /// <summary>Runs a command on the worker of a room or stream.</summary>
    public async Task<T> OnWorkerAsync<T>(string name, Func<MediaWorker, MonotonicTime, T> command)
    {
        T result = await workers.Of(name).InvokeAsync(command);
        await events.CaughtUpAsync();
        return result;
    }

    /// <exception cref="ControlException">NotFound.</exception>
    public Task<T> OnRoomAsync<T>(string name, Func<Sfu.Rooms.Room, MonotonicTime, T> command) => OnWorkerAsync(name, (worker, now) =>
        command(worker.FindRoom(name) ?? throw ControlException.RoomNotFound(name), now));

    /// <exception cref="ControlException">NotFound.</exception>
    public Task<T> OnMemberAsync<T>(string room, string identity, Func<RoomMember, MonotonicTime, T> command) => OnRoomAsync(room, (found, now) =>
        command(found.Find(identity) ?? throw ControlException.ParticipantNotFound(room, identity), now));

    /// <exception cref="ControlException">NotFound; FailedPrecondition for somebody who is only shown in the room.</exception>
    public Task<T> OnParticipantAsync<T>(string room, string identity, Func<Sfu.Rooms.Members.Participant, MonotonicTime, T> command) =>
        OnMemberAsync(room, identity, (member, now) => member switch
        {
            Sfu.Rooms.Members.Participant participant => command(participant, now),
            RemoteMember shown => throw ControlException.OnlyShown(shown),
            _ => throw ControlException.ParticipantNotFound(room, identity),
        });

    /// <exception cref="ControlException">NotFound.</exception>
    public Task<T> OnStreamAsync<T>(string name, Func<MediaWorker, LiveStream, MonotonicTime, T> command) => OnWorkerAsync(name, (worker, now) =>
        command(worker, worker.FindStream(name) ?? throw ControlException.StreamNotFound(name), now));
}
